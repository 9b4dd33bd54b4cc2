import { UnrolledError } from '../core/errors.js';
import { checkText, LARGEST_SEED, numberAbove, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import { checkNextSymbolModel, readsNoFuture, type NextSymbolModel } from './next-symbol-model.js';
import { ops } from '../ops/index.js';
import { NO_FORCED_ID } from '../core/generation-constants.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import { carriedStateName, type Writer } from '../train/model.js';

/** Options of `Sampler.sample` and `Sampler.stream`. */
export interface SampleOptions {
  /** Text that the model reads first. Default: the unknown symbol. */
  readonly prime?: string;
  /** Number of characters to draw. Default 200. */
  readonly length?: number;
  /**
   * Divides the logits. Below 1 likely characters become more frequent, above 1 unlikely ones do. 0
   * always takes the likeliest one. Default 1.
   */
  readonly temperature?: number;
  /** Draws among the k likeliest characters. 0: among all. Default 0. */
  readonly topK?: number;
  /** Decides the random numbers. Default 0. */
  readonly seed?: number;
  /** Number of random numbers of the seed to skip. Default 0. */
  readonly position?: number;
  /** By name: the initial state [1,H], such as that of a training. Default: zero. */
  readonly initial?: Readonly<Record<string, Float32Array>>;
  /** Called once if the prime has characters that the model does not know. */
  readonly onUnknown?: (warning: string) => void;
}

/** Default number of characters of a sample. */
export const DEFAULT_LENGTH = 200;

/** Names of the options of a sample. */
export const SAMPLE_OPTIONS = [
  'prime',
  'length',
  'temperature',
  'topK',
  'seed',
  'position',
  'initial',
  'onUnknown',
];

/** Checked options with defaults. */
type Drawing = Required<Pick<SampleOptions, 'length' | 'temperature' | 'topK' | 'seed' | 'position'>> &
  Pick<SampleOptions, 'initial'>;

/** Name of the memory tensor with the id that the next step reads. */
export const CURRENT = 'sample.id';

/**
 * One step of the cells and the choice of the next symbol. Feeds: `control` u32 [4] and
 * `temperature` [1], see the op `sample`, and `keep` [1]. Report: `chosen` u32 [1]. The chosen id
 * stays on the device, where the next step reads it.
 */
export function samplingGraph(model: NextSymbolModel): Graph {
  checkNextSymbolModel(model);
  readsNoFuture(model);
  const builder = new GraphBuilder();
  const control = builder.tensor('feed', 'control', [4], 'u32');
  const temperature = builder.tensor('feed', 'temperature', [1]);
  const keep = builder.tensor('feed', 'keep', [1]);
  const id = builder.tensor('memory', CURRENT, [1], 'u32');
  const logits = model.apply(
    builder,
    model.layout.declare(builder),
    { T: 1, N: 1 },
    { ids: id, keep },
    'sample',
  );
  builder.apply(ops.sample, 'sample', {
    logits,
    control,
    temperature,
    id,
    chosen: builder.tensor('report', 'chosen', [1], 'u32'),
  });
  return builder.graph;
}

/** Continues texts with a model. Each submit computes many characters, one step for each. */
export class Sampler implements Writer<SampleOptions> {
  #drawing = false;

  private constructor(
    readonly model: NextSymbolModel,
    readonly memory: Memory,
    readonly program: Program,
  ) {}

  /**
   * @param memory holds the model's parameters
   * @throws OptionError for a bidirectional model, which cannot continue anything
   */
  static async create(model: NextSymbolModel, device: Device, memory: Memory): Promise<Sampler> {
    checkDevice(device);
    checkMemory(memory);
    return new Sampler(model, memory, await device.prepare(samplingGraph(model), memory));
  }

  drawn({ length }: SampleOptions): number {
    return length ?? DEFAULT_LENGTH;
  }

  /** The continuation without the prime, as one text. */
  async sample(options: SampleOptions = {}): Promise<string> {
    let text = '';
    for await (const piece of this.stream(options)) text += piece;
    return text;
  }

  /**
   * The continuation in pieces, as the device computes them.
   * @throws UnrolledError if another continuation of this sampler is running, since both use its
   *   state
   */
  async *stream(options: SampleOptions = {}): AsyncGenerator<string, void, void> {
    onlyKnown('sample', options, SAMPLE_OPTIONS);
    const length = wholeNumber('length', options.length ?? DEFAULT_LENGTH);
    const temperature = numberAbove('temperature', options.temperature ?? 1, 0, true);
    const topK = Math.min(wholeNumber('topK', options.topK ?? 0, 0), this.model.vocabulary.size);
    const seed = seedNumber(options.seed);
    const position = wholeNumber('position', options.position ?? 0, 0, LARGEST_SEED);
    const prime = this.#encode(options);
    if (this.#drawing)
      throw new UnrolledError(
        'This sampler is drawing already: wait for it, or leave the loop over stream().',
      );
    this.#drawing = true;
    try {
      yield* this.#draw(prime, { ...options, length, temperature, topK, seed, position });
    } finally {
      this.#drawing = false;
    }
  }

  async *#draw(
    prime: ArrayLike<number>,
    { length, temperature: degree, topK, seed, position, initial }: Drawing,
  ): AsyncGenerator<string, void, void> {
    const { vocabulary } = this.model;
    const temperature = Float32Array.of(degree);
    await this.memory.write(CURRENT, Uint32Array.of(prime[0]));
    for (const [name, state] of Object.entries(initial ?? {}))
      await this.memory.write(carriedStateName('sample', name), state);
    const warmUp = prime.length - 1;
    let before = '';
    const total = warmUp + length;
    for (let at = 0; at < total;) {
      const feeds: Feeds[] = [];
      for (; at + feeds.length < total && feeds.length < this.program.maxSteps;) {
        const i = at + feeds.length;
        const forced = i < warmUp ? prime[i + 1] : NO_FORCED_ID;
        feeds.push({
          control: Uint32Array.of(forced, Math.max(0, position + i - warmUp), seed, topK),
          temperature,
          keep: Float32Array.of(i === 0 && initial === undefined ? 0 : 1),
        });
      }
      const reports = await this.program.submit(feeds);
      const drawn = reports.map((report) => report.chosen[0]).slice(Math.max(0, warmUp - at));
      at += feeds.length;
      if (drawn.length === 0) continue;
      yield before + vocabulary.decode(drawn);
      before = vocabulary.separator;
    }
  }

  dispose(): void {
    this.program.dispose();
  }

  #encode({ prime, onUnknown }: SampleOptions): ArrayLike<number> {
    const { vocabulary } = this.model;
    if (prime === undefined || prime === '') return [vocabulary.unknown];
    checkText('prime', prime);
    const { ids, unknown, unknownSymbols } = vocabulary.encode(prime);
    if (unknown > 0)
      onUnknown?.(
        `${unknown} of the prime's characters were not in the training text ` +
          `(${unknownSymbols.join(' ')}); the model reads them as unknown.`,
      );
    return ids;
  }
}
