import { UnrolledError } from '../core/errors.js';
import type { KernelTime } from '../plan/device.js';
import type { ProductPrecision } from '../plan/target.js';
import { TOLERANCE } from '../verify/compare.js';
import { strategyFacts, type Contestant, type Strategy, type WorkloadData } from './contestants.js';
import { errorOf, lossList, VERIFIED_STEPS, type Judgement } from './judge.js';
import { spreadOf, type Spread } from './statistics.js';
import type { StepLimit } from './step-limit.js';
import { operationsOf, type Workload } from './workloads.js';

/** The times of one strategy on one workload: milliseconds of a training step over the rounds. */
export interface BenchRow extends Spread {
  readonly workload: string;
  readonly strategy: string;
  readonly adapter: string;
  readonly runtime: string;
  readonly version?: string;
  /** Precision of the operands of products. */
  readonly precision: ProductPrecision;
  readonly charsPerSecond: number;
  readonly gflops: number;
  /** Absent where a system does not report it. */
  readonly dispatchesPerStep?: number;
  /**
   * Largest relative error of the first losses against those of the double-precision reference, or of
   * the CPU, see `reduced`. In half precision it includes the rounding of operands.
   */
  readonly verifiedError: number;
  /** What was measured less than usual, because time ran short, in phrases such as `one step`. */
  readonly reduced?: readonly string[];
  /** Milliseconds of preparing a strategy that measures kernels; not part of the budget. */
  readonly tuningMs?: number;
  /** How close it comes to the limit of its device, where the ceilings were measured. */
  readonly limit?: StepLimit;
  /** Time of each kernel in one step, the longest first, where the device reports it. */
  readonly kernels?: readonly KernelTime[];
}

/** Most steps over which kernels are timed: browsers round timestamps, and many average that out. */
const MOST_REPEATS = 100;

/** A workload that a strategy has prepared. */
interface Ready {
  readonly contestant: Contestant;
  readonly tuningMs: number | undefined;
  readonly judgement: Judgement;
  /** Whether the time is up; called between steps. */
  readonly late: () => boolean;
}

/** A strategy on a workload, after verification, with its times so far. */
export class Entrant {
  readonly #times: number[] = [];

  private constructor(
    readonly workload: Workload,
    readonly strategy: Strategy,
    readonly contestant: Contestant,
    readonly tuningMs: number | undefined,
    readonly judgedBy: Judgement['by'],
    readonly error: number,
    private msPerStep: number,
  ) {}

  /**
   * @returns undefined if the time is up
   * @throws UnrolledError where its losses differ from the reference's
   */
  static async verified(
    data: WorkloadData,
    strategy: Strategy,
    { contestant, tuningMs, judgement, late }: Ready,
  ): Promise<Entrant | undefined> {
    const { workload } = data;
    const { expected, by } = judgement;
    try {
      const got: number[] = [];
      let msPerStep = 0;
      // The first step compiles, so the time of a step is that of the last one.
      while (got.length < VERIFIED_STEPS) {
        if (late()) {
          contestant.dispose();
          return undefined;
        }
        const start = performance.now();
        got.push(...(await contestant.train(1, 'every loss')));
        msPerStep = performance.now() - start;
      }
      const error = errorOf(got, expected);
      if (!(error <= TOLERANCE.curve))
        throw new UnrolledError(
          `${strategy.name} on ${workload.name} is wrong, so it is not timed: its losses ` +
            `${lossList(got)} are not those of the ${by}, ${lossList(expected)}.`,
        );
      return new Entrant(workload, strategy, contestant, tuningMs, by, error, msPerStep);
    } catch (error) {
      contestant.dispose();
      throw error;
    }
  }

  /** Milliseconds of the first turn, about. */
  firstTurnMs(ms: number): number {
    return this.msPerStep < ms ? 2 * ms : this.msPerStep;
  }

  /**
   * Runs for about `ms` and stores the time per step. The first turn starts with a warm-up of short
   * steps.
   */
  async turn(ms: number, first: boolean): Promise<void> {
    if (first && this.msPerStep < ms) await this.#run(ms);
    await this.#run(ms);
    this.#times.push(this.msPerStep);
  }

  async #run(ms: number): Promise<void> {
    const steps = Math.max(1, Math.round(ms / this.msPerStep));
    const start = performance.now();
    await this.contestant.train(steps, 'last loss');
    this.msPerStep = (performance.now() - start) / steps;
  }

  /**
   * The results. If there was no time for a round, the last step of the verification is the
   * measurement. Kernels are timed for about `ms`, unless that takes longer than `most`.
   * @param rounds that were wanted
   */
  async row(rounds: number, ms: number, most: number): Promise<BenchRow> {
    const { workload, strategy, contestant } = this;
    const times = this.#times.length;
    const spread = spreadOf(times === 0 ? [this.msPerStep] : this.#times);
    const reduced = [
      ...(times === 0 ? ['one step'] : times < rounds ? [`${times} of ${rounds} rounds`] : []),
      ...(this.judgedBy === 'cpu' ? ['compared with the CPU'] : []),
    ];
    const { medianMs } = spread;
    const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.round(ms / medianMs)));
    // One more step warms up.
    const kernels = (repeats + 1) * medianMs <= most ? await contestant.kernels?.(repeats) : undefined;
    return {
      workload: workload.name,
      ...strategyFacts(strategy),
      precision: strategy.precision ?? 'single',
      ...spread,
      charsPerSecond: (workload.N * workload.T * 1000) / medianMs,
      gflops: operationsOf(workload) / medianMs / 1e6,
      ...(contestant.dispatchesPerStep === undefined
        ? {}
        : { dispatchesPerStep: contestant.dispatchesPerStep }),
      verifiedError: this.error,
      ...(reduced.length === 0 ? {} : { reduced }),
      ...(this.tuningMs === undefined ? {} : { tuningMs: this.tuningMs }),
      ...(kernels ? { kernels } : {}),
    };
  }
}
