import { Random, STREAM } from '../core/random.js';
import { Corpus } from '../text/corpus.js';
import type { WindowBatch } from '../text/window-loader.js';
import { charModel, type CharModel } from '../text/char-model.js';
import { initialParameters } from '../layers/initializers.js';
import type { StateDict } from '../layers/parameters.js';
import type { KernelTime } from '../plan/device.js';
import type { ProductPrecision } from '../plan/target.js';
import type { Workload } from './workloads.js';

/** One way to run a workload: the fused plan, general ops, the CPU reference, or another system. */
export interface Strategy {
  readonly name: string;
  /** The device, and the runtime of its code. */
  readonly adapter: string;
  readonly runtime: string;
  /** Version of another system. */
  readonly version?: string;
  /** Precision of the operands of products in training. Default: single. */
  readonly precision?: ProductPrecision;
  /**
   * Whether it is about as slow as the double-precision reference. Then it may exceed a budget that
   * the reference just fits.
   */
  readonly slow?: boolean;
  /**
   * Whether kernels are measured while a workload is prepared. The time of that is reported, and is
   * not part of the budget: it is spent once on a machine, and is longer than small workloads take.
   */
  readonly tunes?: boolean;
  /** Prepares a workload for training. */
  prepare(data: WorkloadData): Promise<Contestant>;
  /** Prepares a model for writing text. Absent where the system is not timed at that. */
  prepareWriter?(data: WorkloadData): Promise<BenchWriter>;
}

/** What the rows of reports say of a strategy. */
export function strategyFacts({ name, adapter, runtime, version }: Strategy): {
  readonly strategy: string;
  readonly adapter: string;
  readonly runtime: string;
  readonly version?: string;
} {
  return { strategy: name, adapter, runtime, ...(version === undefined ? {} : { version }) };
}

/** A workload that is ready on one strategy. */
export interface Contestant {
  /** Absent where the system does not report it. */
  readonly dispatchesPerStep?: number;
  /**
   * Trains the given number of steps over the next windows of the data, and resolves when they are
   * done.
   * @returns the loss of every step where `wanted`, otherwise at least that of the last step
   */
  train(steps: number, wanted: 'every loss' | 'last loss'): Promise<readonly number[]>;
  /** Time of each kernel in one step, where the system reports it. */
  kernels?(repeats: number): Promise<readonly KernelTime[] | undefined>;
  dispose(): void;
}

/** A model that is ready to write on one strategy. */
export interface BenchWriter {
  readonly dispatchesPerCharacter?: number;
  /**
   * Writes the likeliest symbol each time, from a zero state and symbol 0. Each symbol is the input of
   * the next step.
   * @returns their ids
   */
  write(characters: number): Promise<readonly number[]>;
  dispose(): void;
}

/** Windows of a corpus before it starts again. */
const WINDOWS = 20;

/** The data that all strategies share: the same weights, and the same windows, each from zero states. */
export class WorkloadData {
  readonly corpus: Corpus;

  constructor(readonly workload: Workload) {
    const { V, N, T } = workload;
    const random = new Random(1, STREAM.data);
    const ids = Uint32Array.from({ length: Math.max(20_000, WINDOWS * N * T + N) }, () => random.below(V));
    this.corpus = Corpus.fromIds(ids, { vocabularySize: V });
  }

  /** The model in one of its two forms, with one bias vector per layer: that of the recurrent product. */
  model(form: 'fused' | 'general'): CharModel {
    const { cell, H, L } = this.workload;
    return charModel({
      vocabulary: this.corpus.vocabulary,
      cell,
      hidden: H,
      layers: L,
      biases: 'single',
      form,
    });
  }

  /**
   * The initial weights by PyTorch's names and shapes: `rnn.weight_ih_l0` [G*H,V], `rnn.weight_hh_l0`
   * [G*H,H], `rnn.bias_hh_l0` [G*H], …, `head.weight` [V,H], `head.bias` [V].
   */
  parameters(): StateDict {
    const { layout, config } = this.model('fused');
    return layout.unpack(initialParameters(layout, config.init, SEED));
  }

  /** The windows, one after the other. */
  windows(): () => WindowBatch['arrays'] {
    const { N, T } = this.workload;
    const loader = this.corpus.loader({ batch: N, time: T, seed: SEED, carry: false });
    // A source of ids in memory answers without a promise.
    return () => (loader.next() as WindowBatch).arrays;
  }
}

/** Seed of the initial weights. */
export const SEED = 1;
