import { messageOf, UnrolledError } from '../core/errors.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { ReferenceDevice } from '../reference/device.js';
import { ops } from '../ops/index.js';
import type { KernelTime } from '../plan/device.js';
import { TOLERANCE } from '../verify/compare.js';
import { WorkloadData, type Contestant, type Strategy } from './contestants.js';
import type { StepLimit } from './step-limit.js';
import { ownStrategy } from './own-strategies.js';
import { spreadOf, type Spread } from './statistics.js';
import { operationsOf, WORKLOADS, type Workload } from './workloads.js';

/** Options of all measurements in rounds. */
export interface RoundOptions {
  /** Rounds in which all strategies take turns. Default 5. */
  readonly rounds?: number;
  /** Milliseconds that one turn takes at least. Default 300. */
  readonly turnMs?: number;
  readonly onLeftOut?: (leftOut: LeftOut) => void;
  /** Called with the current operation: `fused on lstm V65 H128 L2 N50 T50: round 2 of 5`. */
  readonly onDoing?: (doing: string) => void;
}

/** How long to measure, and callbacks. */
export interface BenchOptions extends RoundOptions {
  readonly workloads?: readonly Workload[];
  /**
   * Milliseconds for one workload, about. Default 60,000. A workload is skipped if the reference
   * alone, with which every strategy is verified, would take longer. If time runs short, there are
   * fewer rounds.
   */
  readonly budgetMs?: number;
  readonly onRow?: (row: BenchRow) => void;
}

/** The times of one strategy on one workload: milliseconds of a training step over the rounds. */
export interface BenchRow extends Spread {
  readonly workload: string;
  readonly strategy: string;
  readonly adapter: string;
  readonly runtime: string;
  readonly version?: string;
  readonly charsPerSecond: number;
  readonly gflops: number;
  /** Absent where a system does not report it. */
  readonly dispatchesPerStep?: number;
  /** Largest relative error of the first losses against the double-precision reference. */
  readonly verifiedError: number;
  /** Milliseconds of preparing a strategy that measures kernels; not part of the budget. */
  readonly tuningMs?: number;
  /** How close it comes to the limit of its device, where the ceilings were measured. */
  readonly limit?: StepLimit;
  /** Time of each kernel in one step, the longest first, where the device reports it. */
  readonly kernels?: readonly KernelTime[];
}

/** A workload or strategy that was not measured. */
export interface LeftOut {
  readonly workload: string;
  /** Absent where no strategy was measured. */
  readonly strategy?: string;
  readonly why: string;
  /** Whether an error was the reason; false if only time ran out. */
  readonly failed: boolean;
}

/** Steps whose losses are verified before timing. The second one follows an update. */
const VERIFIED_STEPS = 2;

/** Most steps over which kernels are timed: browsers round timestamps, and many average that out. */
const MOST_REPEATS = 100;

/**
 * Times whole training steps. Each strategy is verified against the double-precision reference
 * first. Then all take turns in rounds, so that drift affects all alike.
 */
export async function runBench(
  strategies: readonly Strategy[],
  options: BenchOptions = {},
): Promise<readonly BenchRow[]> {
  const settings: Settings = {
    rounds: wholeNumber('rounds', options.rounds ?? 5),
    turnMs: numberAbove('turnMs', options.turnMs ?? 300),
    budgetMs: numberAbove('budgetMs', options.budgetMs ?? 60_000),
    referenceSpeed: await speedOfReference(),
    doing: (workload, what) => options.onDoing?.(`${workload.name}: ${what}`),
    leave: (workload, leftOut) => options.onLeftOut?.({ workload: workload.name, ...leftOut }),
  };
  const rows: BenchRow[] = [];
  for (const workload of options.workloads ?? WORKLOADS) {
    for await (const row of measure(workload, strategies, settings)) {
      rows.push(row);
      options.onRow?.(row);
    }
  }
  return rows;
}

/** The options with their defaults. */
interface Settings extends Required<Pick<BenchOptions, 'rounds' | 'turnMs' | 'budgetMs'>> {
  /** See `speedOfReference`. */
  readonly referenceSpeed: number;
  readonly doing: (workload: Workload, what: string) => void;
  readonly leave: (workload: Workload, leftOut: Omit<LeftOut, 'workload'>) => void;
}

/** Measures one workload: the reference, then each strategy verified, then the rounds. */
async function* measure(
  workload: Workload,
  strategies: readonly Strategy[],
  settings: Settings,
): AsyncGenerator<BenchRow, void, void> {
  const { rounds, turnMs, budgetMs, referenceSpeed, doing, leave } = settings;
  const referenceMs = (VERIFIED_STEPS * operationsOf(workload)) / referenceSpeed;
  if (referenceMs > budgetMs) {
    const why =
      `the reference, which everything is verified against, would take about ${seconds(referenceMs)}, ` +
      `and the budget is ${seconds(budgetMs)}`;
    leave(workload, { why, failed: false });
    return;
  }
  const start = performance.now();
  let aside = 0;
  const spent = (): number => performance.now() - start - aside;
  const beyond = `it would go beyond the budget of ${seconds(budgetMs)}`;
  const data = new WorkloadData(workload);
  doing(workload, 'reference');
  const expected = await referenceLosses(data);
  const entrants: Entrant[] = [];
  try {
    for (const strategy of strategies) {
      // It is verified, and then timed for a turn.
      const needed = strategy.slow ? referenceMs * (1 + 1 / VERIFIED_STEPS) : 0;
      if (spent() + needed > budgetMs) {
        leave(workload, { strategy: strategy.name, why: beyond, failed: false });
        continue;
      }
      doing(workload, `verifying ${strategy.name}`);
      try {
        const prepared = performance.now();
        const contestant = await strategy.prepare(data);
        const tuningMs = strategy.tunes ? performance.now() - prepared : undefined;
        aside += tuningMs ?? 0;
        const late = (): boolean => spent() > budgetMs;
        const entrant = await Entrant.verified(data, strategy, { contestant, tuningMs, expected, late });
        if (entrant) entrants.push(entrant);
        else leave(workload, { strategy: strategy.name, why: beyond, failed: false });
      } catch (error) {
        leave(workload, { strategy: strategy.name, why: messageOf(error), failed: true });
      }
    }
    const verified = spent();
    for (let round = 0; round < rounds; round++) {
      if (round > 0 && spent() + (spent() - verified) / round > budgetMs) break;
      for (const entrant of entrants) {
        doing(workload, `${entrant.strategy.name}, round ${round + 1} of ${rounds}`);
        await entrant.turn(turnMs, round === 0);
      }
    }
    for (const entrant of entrants) {
      doing(workload, `kernels of ${entrant.strategy.name}`);
      yield await entrant.row(turnMs, budgetMs - spent());
    }
  } finally {
    for (const { contestant } of entrants) contestant.dispose();
  }
}

/** `40 s` */
export function seconds(ms: number): string {
  return `${ms >= 9_500 ? (ms / 1000).toFixed(0) : (ms / 1000).toPrecision(2)} s`;
}

async function referenceLosses(data: WorkloadData): Promise<readonly number[]> {
  const judge = new ReferenceDevice(ops, 'double');
  const contestant = await ownStrategy({ name: 'reference', device: judge, form: 'fused' }).prepare(data);
  try {
    return await contestant.train(VERIFIED_STEPS, 'every loss');
  } finally {
    contestant.dispose();
    judge.dispose();
  }
}

/**
 * Operations of a training step that the double-precision reference makes in a millisecond, about.
 * It takes the best of a few runs on the smallest workload: the first run compiles, and other
 * processes share the machine.
 */
export async function speedOfReference(): Promise<number> {
  const data = new WorkloadData(WORKLOADS[0]);
  let least = Infinity;
  for (let run = 0; run < 4; run++) {
    const start = performance.now();
    await referenceLosses(data);
    least = Math.min(least, performance.now() - start);
  }
  return (VERIFIED_STEPS * operationsOf(data.workload)) / least;
}

/** A workload that a strategy has prepared. */
interface Ready {
  readonly contestant: Contestant;
  readonly tuningMs: number | undefined;
  readonly expected: readonly number[];
  /** Whether the time is up; called between steps. */
  readonly late: () => boolean;
}

/** A strategy on a workload, after verification, with its times so far. */
class Entrant {
  readonly #times: number[] = [];

  private constructor(
    readonly workload: Workload,
    readonly strategy: Strategy,
    readonly contestant: Contestant,
    readonly tuningMs: number | undefined,
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
    { contestant, tuningMs, expected, late }: Ready,
  ): Promise<Entrant | undefined> {
    const { workload } = data;
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
      const error = Math.max(...expected.map((loss, i) => Math.abs(got[i] - loss) / Math.abs(loss)));
      if (!(error <= TOLERANCE.curve))
        throw new UnrolledError(
          `${strategy.name} on ${workload.name} is wrong, so it is not timed: its losses ${list(got)} ` +
            `are not those of the reference, ${list(expected)}.`,
        );
      return new Entrant(workload, strategy, contestant, tuningMs, error, msPerStep);
    } catch (error) {
      contestant.dispose();
      throw error;
    }
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

  /** The results. Kernels are timed for about `ms`, unless that takes longer than `most`. */
  async row(ms: number, most: number): Promise<BenchRow> {
    const { workload, strategy, contestant } = this;
    const spread = spreadOf(this.#times);
    const { medianMs } = spread;
    const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.round(ms / medianMs)));
    // One more step warms up.
    const kernels = (repeats + 1) * medianMs <= most ? await contestant.kernels?.(repeats) : undefined;
    return {
      workload: workload.name,
      strategy: strategy.name,
      adapter: strategy.adapter,
      runtime: strategy.runtime,
      ...(strategy.version === undefined ? {} : { version: strategy.version }),
      ...spread,
      charsPerSecond: (workload.N * workload.T * 1000) / medianMs,
      gflops: operationsOf(workload) / medianMs / 1e6,
      ...(contestant.dispatchesPerStep === undefined
        ? {}
        : { dispatchesPerStep: contestant.dispatchesPerStep }),
      verifiedError: this.error,
      ...(this.tuningMs === undefined ? {} : { tuningMs: this.tuningMs }),
      ...(kernels ? { kernels } : {}),
    };
  }
}

function list(losses: readonly number[]): string {
  return losses.map((loss) => loss.toPrecision(7)).join(' and ');
}
