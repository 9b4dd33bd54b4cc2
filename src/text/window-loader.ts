import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { Batch } from '../train/batch.js';
import { checkPosition, type Loader, type LoaderState, type Source } from '../train/source.js';
import { type Ids, type IdSource, whenAll } from './ids.js';
import type { Vocabulary } from './vocabulary.js';
import { type Cut, cutWindows, type Sampling } from './windows.js';

/**
 * Arrays of a window of T time steps for N batch rows.
 * - `inputs` [T,N]: ids that the model reads
 * - `targets` [T,N]: of a text, the character after each input
 * - `keep` [N]: 1 where the row's state is carried over from the window before, 0 where it starts
 *   anew
 */
export const WINDOW_FIELDS = {
  inputs: { dtype: 'u32', shape: ['T', 'N'] },
  targets: { dtype: 'u32', shape: ['T', 'N'] },
  keep: { dtype: 'f32', shape: ['N'] },
} as const;
export type WindowFields = typeof WINDOW_FIELDS;

/** One window. */
export type WindowBatch = Batch<WindowFields>;

/** A source of windows of symbols: a text, or a made-up task. */
export interface SymbolSource extends Source<WindowFields> {
  readonly vocabulary: Vocabulary;
  /** How messages name it. Default `the text`. */
  readonly name?: string;
  /**
   * `next` where each target is the symbol after its input: a model that reads backwards would have
   * read it already.
   */
  readonly targets: 'next' | 'own';
}

/** How windows are cut; see Sampling. */
export interface WindowOptions {
  /** Default `consecutive`. */
  readonly sampling?: Sampling;
  /** N. */
  readonly batch: number;
  /** T. */
  readonly time: number;
  /** Decides the order of `random`; default 0. */
  readonly seed?: number;
  /** Whether the state is carried within an epoch; default true, and false for `random`. */
  readonly carry?: boolean;
}

/** What windows are cut from. */
export interface WindowedText {
  readonly vocabulary: Vocabulary;
  /** All ids; with several streams row-major `[S,streams]`. */
  readonly ids: IdSource;
  readonly streams: number;
  readonly fingerprint: string;
}

/**
 * Windows of a text.
 * @throws OptionError for a wrong option, DataError where the text is too short for one window,
 *   with the arithmetic
 */
export class WindowLoader implements Loader<WindowFields> {
  readonly batchesPerEpoch: number;
  readonly #text: WindowedText;
  readonly #N: number;
  readonly #T: number;
  readonly #sampling: Sampling;
  readonly #seed: number;
  readonly #carry: boolean;
  readonly #cut: Cut;
  #epoch = 0;
  #index = 0;
  /** The next window, under way, where the ids are not at hand. */
  #ahead: Promise<WindowBatch> | undefined;

  constructor(
    text: WindowedText,
    options: { readonly [K in keyof WindowOptions]?: WindowOptions[K] | undefined },
  ) {
    onlyKnown('windows', options, ['sampling', 'batch', 'time', 'seed', 'carry']);
    this.#text = text;
    this.#sampling = oneOf('sampling', options.sampling ?? 'consecutive', [
      'pointer',
      'consecutive',
      'random',
      'whole',
    ]);
    this.#N = wholeNumber('batch', options.batch);
    this.#T = wholeNumber('time', options.time);
    this.#seed = seedNumber(options.seed);
    this.#carry = options.carry ?? this.#sampling !== 'random';
    if (this.#sampling === 'pointer' && this.#N !== 1)
      throw new OptionError('batch', this.#N, '1, since "pointer" sampling has a single pointer');
    const { streams } = text;
    if (streams > 1) {
      if (this.#sampling !== 'consecutive' && this.#sampling !== 'whole')
        throw new OptionError(
          'sampling',
          this.#sampling,
          `consecutive, since the ids come in ${streams} streams`,
        );
      if (this.#N !== streams)
        throw new OptionError('batch', this.#N, `${streams}, one row for each stream of ids`);
    }
    // Each stream has a first id of its own, which is no target.
    const length = this.#sampling === 'whole' ? text.ids.length - streams + 1 : text.ids.length;
    this.#cut = cutWindows(this.#sampling, length, this.#N, this.#T, this.#seed);
    this.batchesPerEpoch = this.#cut.windowsPerEpoch;
  }

  next(): WindowBatch | Promise<WindowBatch> {
    const window = this.#ahead ?? this.#read(this.#epoch, this.#index);
    this.#ahead = undefined;
    this.#index++;
    if (this.#index === this.batchesPerEpoch) [this.#epoch, this.#index] = [this.#epoch + 1, 0];
    if (window instanceof Promise) {
      const following = this.#read(this.#epoch, this.#index);
      this.#ahead = Promise.resolve(following);
      // Whoever asks for that window gets the error; until then it must not count as unhandled.
      this.#ahead.catch(() => undefined);
    }
    return window;
  }

  state(): LoaderState {
    return {
      source: this.#text.fingerprint,
      order: this.#sampling,
      seed: this.#seed,
      epoch: this.#epoch,
      index: this.#index,
      batchesPerEpoch: this.batchesPerEpoch,
    };
  }

  restore(state: LoaderState): void {
    checkPosition(state, this.state());
    this.#epoch = state.epoch;
    this.#index = state.index;
    this.#ahead = undefined;
  }

  #read(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    return this.#text.streams > 1 ? this.#readStreams(epoch, index) : this.#readRows(epoch, index);
  }

  /** Row n reads T + 1 ids from its own place. */
  #readRows(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    const [N, T, cut] = [this.#N, this.#T, this.#cut];
    const rows = Array.from({ length: N }, (_, n) => {
      const start = cut.start(epoch, index, n);
      return this.#text.ids.read(start, Math.max(0, Math.min(T + 1, cut.end(n) - start)));
    });
    const build = (ids: readonly Ids[]): WindowBatch => {
      const [inputs, targets] = [this.#unknown(), this.#unknown()];
      ids.forEach((row, n) => {
        for (let t = 0; t < Math.min(T, row.length - 1); t++) {
          inputs[t * N + n] = row[t];
          targets[t * N + n] = row[t + 1];
        }
      });
      return this.#batch(inputs, targets, epoch, index);
    };
    return whenAll(rows, build);
  }

  /**
   * With streams, the ids of one position stand together: a window is one piece of (T + 1)·N ids,
   * already time-major. The last one of an evaluation may be shorter.
   */
  #readStreams(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    const [N, T] = [this.#N, this.#T];
    const steps = Math.min(T, this.#text.ids.length / N - 1 - index * T);
    const piece = this.#text.ids.read(index * T * N, (steps + 1) * N);
    return whenAll([piece], ([ids]) => {
      const [inputs, targets] = [this.#unknown(), this.#unknown()];
      inputs.set(ids.subarray(0, steps * N));
      targets.set(ids.subarray(N, (steps + 1) * N));
      return this.#batch(inputs, targets, epoch, index);
    });
  }

  #unknown(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#T * this.#N).fill(this.#text.vocabulary.unknown);
  }

  #batch(
    inputs: Uint32Array<ArrayBuffer>,
    targets: Uint32Array<ArrayBuffer>,
    epoch: number,
    index: number,
  ): WindowBatch {
    const [N, T] = [this.#N, this.#T];
    const keep = new Float32Array(N).fill(this.#carry && this.#cut.carries(index) ? 1 : 0);
    return { arrays: { inputs, targets, keep }, sizes: { T, N }, count: this.#count(targets), epoch, index };
  }

  /** Targets that are known. */
  #count(targets: Uint32Array): number {
    const V = this.#text.vocabulary.size;
    let known = 0;
    for (let i = 0; i < targets.length; i++) if (targets[i] < V) known++;
    return known;
  }
}
