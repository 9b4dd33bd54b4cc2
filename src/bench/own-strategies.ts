import { CURRENT, samplingGraph } from '../text/sampler.js';
import type { CharModel } from '../text/char-model.js';
import { initialParameters } from '../layers/initializers.js';
import { PARAMETERS } from '../layers/parameters.js';
import { NO_FORCED_ID } from '../core/generation-constants.js';
import type { ProductPrecision } from '../plan/target.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import { emptyArrays } from '../train/model.js';
import { Trainer } from '../train/trainer.js';
import { SEED, type Contestant, type Strategy, type BenchWriter, type WorkloadData } from './contestants.js';

/** Options of a strategy of this library. */
export interface OwnStrategyOptions {
  readonly name: string;
  readonly device: Device;
  readonly form: 'fused' | 'general';
  /** Precision of training. With half precision the name ends with it. Default: single. */
  readonly precision?: ProductPrecision;
  /** Whether the device measures kernels. */
  readonly tunes?: boolean;
  /** Most characters in one submit. Default: as many as a device takes. 1 awaits every character. */
  readonly charactersAtOnce?: number;
}

/** This library on one device, as a strategy. */
export function ownStrategy(options: OwnStrategyOptions): Strategy {
  const { name, device, precision = 'single', tunes = false } = options;
  return {
    name: precision === 'single' ? name : `${name}, ${precision}`,
    precision,
    adapter: device.info.adapter,
    runtime: device.info.runtime,
    slow: device.info.backend === 'reference',
    tunes,
    prepare: (data) => OwnContestant.create(data, options),
    prepareWriter: (data) => OwnWriter.create(data, options),
  };
}

class OwnContestant implements Contestant {
  private constructor(
    readonly data: WorkloadData,
    readonly trainer: Trainer<CharModel>,
  ) {}

  static async create(
    data: WorkloadData,
    { device, form, precision = 'single' }: OwnStrategyOptions,
  ): Promise<OwnContestant> {
    const { N, T, loss, optimizer, clip } = data.workload;
    return new OwnContestant(
      data,
      await Trainer.create(data.model(form), {
        device,
        batch: N,
        time: T,
        loss,
        optimizer,
        clip,
        carry: false,
        seed: SEED,
        precision,
      }),
    );
  }

  get dispatchesPerStep(): number {
    return this.trainer.plan.dispatches;
  }

  async train(steps: number): Promise<readonly number[]> {
    const losses: number[] = [];
    for await (const { loss } of this.trainer.run(this.data.corpus, { steps })) losses.push(loss);
    return losses;
  }

  kernels(repeats: number): ReturnType<Program['time']> {
    const { optimizer } = this.data.workload;
    const { model, sizes, program } = this.trainer;
    const count = Float32Array.of(sizes.N * sizes.T);
    const feeds = { ...emptyArrays(model.fields, sizes), count, hyper: optimizer.hyper(1, 0) };
    return program.time(feeds, repeats);
  }

  dispose(): void {
    this.trainer.dispose();
  }
}

class OwnWriter implements BenchWriter {
  private constructor(
    readonly program: Program,
    readonly memory: Memory,
  ) {}

  static async create(
    data: WorkloadData,
    { device, form, charactersAtOnce }: OwnStrategyOptions,
  ): Promise<OwnWriter> {
    const model = data.model(form);
    const memory = await device.createMemory();
    let program: Program | undefined;
    try {
      program = await device.prepare(
        samplingGraph(model),
        memory,
        charactersAtOnce === undefined ? {} : { maxSteps: charactersAtOnce },
      );
      await memory.write(PARAMETERS, initialParameters(model.layout, model.config.init, SEED));
      return new OwnWriter(program, memory);
    } catch (error) {
      program?.dispose();
      memory.dispose();
      throw error;
    }
  }

  get dispatchesPerCharacter(): number {
    return this.program.summary.dispatches;
  }

  async write(characters: number): Promise<readonly number[]> {
    await this.memory.write(CURRENT, Uint32Array.of(0));
    const ids: number[] = [];
    while (ids.length < characters) {
      const count = Math.min(this.program.maxSteps, characters - ids.length);
      const feeds = Array.from({ length: count }, (_, i): Feeds => greedy(ids.length + i));
      for (const { chosen } of await this.program.submit(feeds)) ids.push(chosen[0]);
    }
    return ids;
  }

  dispose(): void {
    this.program.dispose();
    this.memory.dispose();
  }
}

/** The feeds of character number `at`: the likeliest symbol is chosen, and the first state is zero. */
function greedy(at: number): Feeds {
  return {
    control: Uint32Array.of(NO_FORCED_ID, at, 0, 0),
    temperature: Float32Array.of(0),
    keep: Float32Array.of(at === 0 ? 0 : 1),
  };
}
