import type { AdapterKind, PlanTarget } from '../../plan/target.js';

/** How planners lay out kernels on one kind of adapter, until tuning has measured variants. */
export interface Rules {
  /** Invocations that keep the adapter busy. It becomes `PlanTarget.parallelism`. */
  readonly parallelism: number;
  /** Invocations of a workgroup in a matrix product; each computes one tile. */
  readonly tilesOfWorkgroup: number;
  /** Whether an invocation may hold a tile of 16 by 16 in its registers. */
  readonly largestTiles: boolean;
  /** Columns that a tile of one row may have, the largest number first. */
  readonly rowColumns: readonly number[];
  /** Most invocations that share one sum over K. */
  readonly splitLanes: number;
  /** Whether the product of one time step splits its sum over K between invocations. */
  readonly splitsSteps: boolean;
  /** Whether the invocations of a workgroup share a sum, a sort or a row. */
  readonly sharesWork: boolean;
  /**
   * Most recurrent weights (G*H*H) for which one launch runs all steps of a window. Each workgroup
   * of that launch reads all weights in every step, so with many weights it is slower than a launch
   * for each step.
   */
  readonly windowWeights: number;
  /** Most invocations in a workgroup of a launch that runs all steps of a window. */
  readonly windowWorkgroup: number;
  /**
   * Workgroups that such a launch must have before a workgroup takes several batch rows, which then
   * share the weights that it reads.
   */
  readonly windowGroups: number;
  /** Rows of `gather` up to which backward searches all ids instead of sorting them in a launch. */
  readonly searchedRows: number;
  /** Most values of a row that one invocation moves. */
  readonly valuesOfInvocation: number;
}

const SOFTWARE: Rules = {
  // A few cores with four SIMD lanes each.
  parallelism: 64,
  // A workgroup stays on one core, so small workgroups keep every core busy.
  tilesOfWorkgroup: 16,
  // Loads cost most, and the largest tile needs the fewest loads for each multiply-add.
  largestTiles: true,
  // One core computes four lanes at a time, and a narrower tile keeps no more of them busy.
  rowColumns: [8],
  // A workgroup stays on one core, so a split can fill at most its four lanes.
  splitLanes: 4,
  // The barriers of a split cost more than idle lanes.
  splitsSteps: false,
  // A barrier costs more than reducing a row.
  sharesWork: false,
  // A launch costs less than an idle core.
  windowWeights: 0,
  // The four lanes of one core, among which barriers are free.
  windowWorkgroup: 4,
  windowGroups: 2,
  // A launch costs less than reading the ids a second time.
  searchedRows: 0,
  // An invocation costs more than the values that it loads.
  valuesOfInvocation: 16,
};

const DISCRETE: Rules = {
  // Some thousand lanes, each with several invocations to switch between while it waits for loads.
  parallelism: 16384,
  // Two waves of 32, or one of 64.
  tilesOfWorkgroup: 64,
  // 256 sums take so many registers of an invocation that too few waves fit on a core.
  largestTiles: false,
  rowColumns: [8, 4],
  // Barriers are cheap, and idle cores are not.
  splitLanes: 16384,
  splitsSteps: true,
  sharesWork: true,
  // A core reads about 100 bytes a nanosecond from the second-level cache. These are the weights that
  // it reads in the five microseconds that a launch takes.
  windowWeights: 131072,
  windowWorkgroup: 256,
  // The cores of a mid-range card.
  windowGroups: 64,
  // A launch costs as much as idle lanes that search a few hundred ids.
  searchedRows: 256,
  // Neighbouring invocations should load neighbouring values.
  valuesOfInvocation: 1,
};

/**
 * The rules of each kind of adapter. Those for software were measured on SwiftShader. Those for
 * hardware follow from how it works; `tune` measures on the machine where they are not the best.
 */
export const RULES: Readonly<Record<AdapterKind, Rules>> = {
  software: SOFTWARE,
  // The same costs as a discrete GPU, with some hundred to a thousand lanes.
  integrated: { ...DISCRETE, parallelism: 4096, splitLanes: 4096, windowGroups: 8 },
  discrete: DISCRETE,
  // The smallest has 8 cores of 128 lanes.
  apple: { ...DISCRETE, parallelism: 8192, splitLanes: 8192, windowGroups: 8 },
};

/** The rules for the adapter that a plan is made for. */
export function rulesOf({ kind, parallelism }: PlanTarget): Rules {
  return RULES[kind ?? (parallelism < 1024 ? 'software' : 'discrete')];
}

/** Invocations of a workgroup that sums by a tree on a GPU. */
const GPU_REDUCTION_WORKGROUP = 256;

/**
 * Invocations of a workgroup that sums by a tree, and the levels of that tree. A software adapter
 * gets fewer, because its barriers cost more with more waiting invocations.
 * @param narrow invocations where the adapter's invocations share no work; a power of two
 */
export function reductionWorkgroup(
  target: PlanTarget,
  narrow: number,
): { readonly workgroup: number; readonly levels: number } {
  const workgroup = rulesOf(target).sharesWork ? GPU_REDUCTION_WORKGROUP : narrow;
  return { workgroup, levels: Math.log2(workgroup) };
}
