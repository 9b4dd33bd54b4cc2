import { UnrolledError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { Random, STREAM } from '../core/random.js';
import { CpuDevice } from '../cpu/device.js';
import { Corpus } from '../data/corpus.js';
import { charModel } from '../model/char-model.js';
import { ops } from '../ops/index.js';
import type { Device, KernelTime } from '../plan/device.js';
import { Trainer } from '../train/trainer.js';
import { TOLERANCE } from '../verify/compare.js';
import { operationsOf, WORKLOADS, type Workload } from './workloads.js';

/** One way to run a workload: the fused plan, the general ops, or the CPU reference. */
export interface Strategy {
  readonly name: string;
  readonly device: Device;
  readonly form: 'fused' | 'general';
}

/** How long to measure. */
export interface BenchOptions {
  readonly workloads?: readonly Workload[];
  /** Rounds in which all strategies take turns. Default 5. */
  readonly rounds?: number;
  /** Milliseconds that one turn takes at least. Default 300. */
  readonly turnMs?: number;
  readonly onRow?: (row: BenchRow) => void;
}

/** The figures of one strategy on one workload. */
export interface BenchRow {
  readonly workload: string;
  readonly strategy: string;
  readonly adapter: string;
  readonly runtime: string;
  /** Milliseconds per training step over the rounds. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly charsPerSecond: number;
  readonly gflops: number;
  readonly dispatchesPerStep: number;
  /** Largest relative error of the first losses against the double-precision reference. */
  readonly verifiedError: number;
  /** Time by kernel over one step, the longest first, where the device can tell. */
  readonly kernels?: readonly KernelTime[];
}

/** Steps whose losses are compared before anything is timed. */
const VERIFIED_STEPS = 2;

/** Steps over which kernels are timed at most: timestamps of a browser are coarse, and many of them average that out. */
const MOST_REPEATS = 100;

/** Times whole training steps. Each strategy is verified against the double-precision reference first; then all take turns in rounds, so that drift meets all alike. */
export async function runBench(strategies: readonly Strategy[], options: BenchOptions = {}): Promise<readonly BenchRow[]> {
  const rounds = wholeNumber('rounds', options.rounds ?? 5);
  const turnMs = options.turnMs ?? 300;
  const rows: BenchRow[] = [];
  for (const workload of options.workloads ?? WORKLOADS) {
    const judge = new CpuDevice(ops, 'double');
    const expected = await losses(await Contestant.create(workload, { name: 'reference', device: judge, form: 'fused' }));
    judge.dispose();
    const contestants: Contestant[] = [];
    try {
      for (const strategy of strategies) {
        const contestant = await Contestant.create(workload, strategy);
        contestants.push(contestant);
        await contestant.verify(expected);
      }
      for (let round = 0; round < rounds; round++) for (const contestant of contestants) await contestant.turn(turnMs);
      for (const contestant of contestants) {
        const row = await contestant.row(turnMs);
        rows.push(row);
        options.onRow?.(row);
      }
    } finally {
      for (const contestant of contestants) contestant.trainer.dispose();
    }
  }
  return rows;
}

/** The middle of some numbers; of an even count, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

async function losses({ trainer, corpus }: Contestant): Promise<number[]> {
  const values: number[] = [];
  for await (const { loss } of trainer.run(corpus, { steps: VERIFIED_STEPS })) values.push(loss);
  return values;
}

async function drain(reports: AsyncIterable<unknown>): Promise<void> {
  const iterator = reports[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

/** A strategy on a workload, with its times so far. */
class Contestant {
  readonly #times: number[] = [];
  #error = NaN;
  #msPerStep = 1;

  private constructor(
    readonly workload: Workload,
    readonly strategy: Strategy,
    readonly trainer: Trainer,
    readonly corpus: Corpus,
  ) {}

  static async create(workload: Workload, strategy: Strategy): Promise<Contestant> {
    const { V, H, L, N, T, loss, optimizer, clip } = workload;
    const random = new Random(1, STREAM.data);
    const ids = Uint32Array.from({ length: Math.max(20_000, 20 * N * T) }, () => random.below(V));
    const corpus = Corpus.fromIds(ids, { vocabularySize: V });
    const model = charModel({ vocabulary: corpus.vocabulary, hidden: H, layers: L, biases: 'single', form: strategy.form });
    const trainer = await Trainer.create(model, { device: strategy.device, batch: N, time: T, loss, optimizer, clip, seed: 1 });
    return new Contestant(workload, strategy, trainer, corpus);
  }

  async verify(expected: readonly number[]): Promise<void> {
    const start = performance.now();
    const got = await losses(this);
    this.#msPerStep = (performance.now() - start) / VERIFIED_STEPS;
    this.#error = Math.max(...got.map((loss, i) => Math.abs(loss - expected[i]) / Math.abs(expected[i])));
    if (!(this.#error <= TOLERANCE.curve))
      throw new UnrolledError(`${this.strategy.name} on ${this.workload.name} is wrong, so it is not timed: its loss differs from the reference by ${this.#error}.`);
  }

  /** Runs for about `ms` and notes the time per step. */
  async turn(ms: number): Promise<void> {
    const steps = Math.max(1, Math.round(ms / this.#msPerStep));
    const start = performance.now();
    await drain(this.trainer.run(this.corpus, { steps }));
    this.#msPerStep = (performance.now() - start) / steps;
    this.#times.push(this.#msPerStep);
  }

  /** The figures. Kernels are timed for about `ms`. */
  async row(ms: number): Promise<BenchRow> {
    const { workload, strategy, trainer } = this;
    const { N, T } = workload;
    const medianMs = median(this.#times);
    const feeds = { inputs: new Uint32Array(N * T), targets: new Uint32Array(N * T), keep: new Float32Array(N), hyper: workload.optimizer.hyper(1, 0) };
    const kernels = await trainer.program.time(feeds, Math.max(1, Math.min(MOST_REPEATS, Math.round(ms / medianMs))));
    return {
      workload: workload.name,
      strategy: strategy.name,
      adapter: strategy.device.info.adapter,
      runtime: strategy.device.info.runtime,
      medianMs,
      minMs: Math.min(...this.#times),
      maxMs: Math.max(...this.#times),
      charsPerSecond: (N * T * 1000) / medianMs,
      gflops: operationsOf(workload) / medianMs / 1e6,
      dispatchesPerStep: trainer.plan.dispatches,
      verifiedError: this.#error,
      ...(kernels ? { kernels } : {}),
    };
  }
}
