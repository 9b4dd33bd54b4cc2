import { messageOf } from '../core/errors.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { WorkloadData, type Strategy } from './contestants.js';
import { Judge, VERIFIED_STEPS } from './judge.js';
import { Entrant, type BenchRow } from './step-entrant.js';
import { WORKLOADS, type Workload } from './workloads.js';

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
   * Milliseconds for one workload, about. Default 60,000. If time runs short, strategies are compared
   * with the CPU instead of the reference (see `Judge`), there are fewer rounds, and at last only the
   * first strategy is measured, in one step. A workload is skipped if what it is compared with would
   * take longer.
   */
  readonly budgetMs?: number;
  /** What strategies are compared with; it is disposed of. Default: `Judge.create()`. */
  readonly judge?: Judge;
  readonly onRow?: (row: BenchRow) => void;
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
    judge: options.judge ?? (await Judge.create()),
    doing: (workload, what) => options.onDoing?.(`${workload.name}: ${what}`),
    leave: (workload, leftOut) => options.onLeftOut?.({ workload: workload.name, ...leftOut }),
  };
  const rows: BenchRow[] = [];
  try {
    for (const workload of options.workloads ?? WORKLOADS) {
      for await (const row of measure(workload, strategies, settings)) {
        rows.push(row);
        options.onRow?.(row);
      }
    }
    return rows;
  } finally {
    await settings.judge.dispose();
  }
}

/** The options with their defaults. */
interface Settings extends Required<Pick<BenchOptions, 'rounds' | 'turnMs' | 'budgetMs'>> {
  readonly judge: Judge;
  readonly doing: (workload: Workload, what: string) => void;
  readonly leave: (workload: Workload, leftOut: Omit<LeftOut, 'workload'>) => void;
}

/**
 * Measures one workload: what strategies are compared with, then each strategy verified, then the
 * rounds. The first strategy is verified and measured however late it is.
 */
async function* measure(
  workload: Workload,
  strategies: readonly Strategy[],
  settings: Settings,
): AsyncGenerator<BenchRow, void, void> {
  const { rounds, turnMs, budgetMs, judge, doing, leave } = settings;
  const start = performance.now();
  let aside = 0;
  const spent = (): number => performance.now() - start - aside;
  const beyond = `it would go beyond the budget of ${seconds(budgetMs)}`;
  const data = new WorkloadData(workload);
  let judgement;
  try {
    judgement = await judge.losses(data, budgetMs, (what) => doing(workload, what));
  } catch (error) {
    leave(workload, { why: messageOf(error), failed: true });
    return;
  }
  if ('referenceMs' in judgement) {
    const why =
      `the reference, which everything is verified against, would take about ` +
      `${seconds(judgement.referenceMs)}, and the budget is ${seconds(budgetMs)}`;
    leave(workload, { why, failed: false });
    return;
  }
  const entrants: Entrant[] = [];
  try {
    for (const strategy of strategies) {
      // It is verified, and then timed for a turn.
      const needed = strategy.slow ? judge.referenceMs(workload) * (VERIFIED_STEPS + 1) : 0;
      const isFirst = entrants.length === 0;
      if (isFirst ? needed > budgetMs : spent() + needed > budgetMs) {
        leave(workload, { strategy: strategy.name, why: beyond, failed: false });
        continue;
      }
      doing(workload, `verifying ${strategy.name}`);
      try {
        const prepared = performance.now();
        const contestant = await strategy.prepare(data);
        const tuningMs = strategy.tunes ? performance.now() - prepared : undefined;
        aside += tuningMs ?? 0;
        const late = (): boolean => !isFirst && spent() > budgetMs;
        const entrant = await Entrant.verified(data, strategy, { contestant, tuningMs, judgement, late });
        if (entrant) entrants.push(entrant);
        else leave(workload, { strategy: strategy.name, why: beyond, failed: false });
      } catch (error) {
        leave(workload, { strategy: strategy.name, why: messageOf(error), failed: true });
      }
    }
    const verified = spent();
    const firstRound = entrants.reduce((sum, entrant) => sum + entrant.firstTurnMs(turnMs), 0);
    for (let round = 0; round < rounds; round++) {
      const each = round === 0 ? firstRound : (spent() - verified) / round;
      if (spent() + each > budgetMs) break;
      for (const entrant of entrants) {
        doing(workload, `${entrant.strategy.name}, round ${round + 1} of ${rounds}`);
        await entrant.turn(turnMs, round === 0);
      }
    }
    for (const entrant of entrants) {
      doing(workload, `kernels of ${entrant.strategy.name}`);
      yield await entrant.row(rounds, turnMs, budgetMs - spent());
    }
  } finally {
    for (const { contestant } of entrants) contestant.dispose();
  }
}

/** `40 s` */
export function seconds(ms: number): string {
  return `${ms >= 9_500 ? (ms / 1000).toFixed(0) : (ms / 1000).toPrecision(2)} s`;
}
