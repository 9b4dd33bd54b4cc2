import { Random, STREAM } from '../core/random.js';
import { Corpus } from '../text/corpus.js';
import type { WindowBatch } from '../text/window-loader.js';
import { charModel, type CharModel } from '../text/char-model.js';
import { initialParameters } from '../layers/initializers.js';
import type { StateDict } from '../layers/parameters.js';
import type { KernelTime } from '../plan/device.js';
import type { Workload } from './workloads.js';

/**
 * One way to run a workload: the fused plan, the general ops, the CPU reference, or another system.
 */
export interface Strategy {
  readonly name: string;
  /** The device, and where its code runs. */
  readonly adapter: string;
  readonly runtime: string;
  /** Of another system. */
  readonly version?: string;
  /**
   * Whether it runs at about the speed of the double-precision reference: then it can be too slow
   * for a budget that the reference just fits.
   */
  readonly slow?: boolean;
  /**
   * Whether kernels are measured while a workload is made ready. That is told, and does not count
   * towards a budget: it happens once on a machine, and takes longer than small workloads do.
   */
  readonly tunes?: boolean;
  /** Makes a workload ready to be trained. */
  prepare(data: WorkloadData): Promise<Contestant>;
  /** Makes a model ready to write; absent where the system is not timed at that. */
  prepareWriter?(data: WorkloadData): Promise<BenchWriter>;
}

/** A workload that is ready on one strategy. */
export interface Contestant {
  /** Absent where the system does not tell. */
  readonly dispatchesPerStep?: number;
  /**
   * Trains so many steps over the next windows of the data, and resolves when they are done.
   * @returns the loss of every step where `wanted`, of the last one at least
   */
  train(steps: number, wanted: 'every loss' | 'last loss'): Promise<readonly number[]>;
  /** Time by kernel over one step, where it can tell. */
  kernels?(repeats: number): Promise<readonly KernelTime[] | undefined>;
  dispose(): void;
}

/** A model that is ready to write on one strategy. */
export interface BenchWriter {
  readonly dispatchesPerCharacter?: number;
  /**
   * The likeliest symbols one after the other, from a zero state and symbol 0, each of them fed to
   * the next step.
   * @returns their ids
   */
  write(characters: number): Promise<readonly number[]>;
  dispose(): void;
}

/** Windows that a corpus has before it starts again. */
const WINDOWS = 20;

/**
 * What all strategies get of a workload: the same weights, and the same windows in the same order,
 * each from zero states.
 */
export class WorkloadData {
  readonly corpus: Corpus;

  constructor(readonly workload: Workload) {
    const { V, N, T } = workload;
    const random = new Random(1, STREAM.data);
    const ids = Uint32Array.from({ length: Math.max(20_000, WINDOWS * N * T + N) }, () => random.below(V));
    this.corpus = Corpus.fromIds(ids, { vocabularySize: V });
  }

  /**
   * The model in one of its two forms: with one bias vector for each layer, that of the recurrent
   * product.
   */
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
   * The weights that training starts from, by PyTorch's names and shapes: `rnn.weight_ih_l0`
   * [G*H,V], `rnn.weight_hh_l0` [G*H,H], `rnn.bias_hh_l0` [G*H], …, `head.weight` [V,H],
   * `head.bias` [V].
   */
  parameters(): StateDict {
    const { layout, config } = this.model('fused');
    return layout.unpack(initialParameters(layout, config.init, SEED));
  }

  /** The windows, one after the other. */
  windows(): () => WindowBatch['arrays'] {
    const { N, T } = this.workload;
    const loader = this.corpus.loader({ batch: N, time: T, seed: SEED, carry: false });
    // Ids in memory are at hand at once.
    return () => (loader.next() as WindowBatch).arrays;
  }
}

/** Decides the weights. */
export const SEED = 1;
