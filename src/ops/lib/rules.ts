import type { AdapterKind, PlanTarget } from '../../plan/op.js';

/** How planners lay out kernels on a kind of adapter, where nothing was measured. */
export interface Rules {
  /** Invocations that keep it busy: `PlanTarget.parallelism` of its plans. */
  readonly parallelism: number;
  /** Invocations of a workgroup that compute a tile of a product each. */
  readonly tilesOfWorkgroup: number;
  /** Whether an invocation may hold a tile of 16 by 16 in its registers. */
  readonly largestTiles: boolean;
  /** Columns that a tile of one row may have, the most first. */
  readonly rowColumns: readonly number[];
  /** Most invocations among which a split of the sum over K shares its work. */
  readonly splitLanes: number;
  /** Whether the product of a time step is split over K. */
  readonly splitsSteps: boolean;
  /** Whether the invocations of a workgroup share a sum, a sort or a row; else each has its own. */
  readonly sharesWork: boolean;
  /**
   * Most recurrent weights (G*H*H) of which all steps of a window are taken in one launch: its
   * workgroups read all weights in every step, which takes longer than launches where they are many.
   */
  readonly windowWeights: number;
  /** Most invocations of a workgroup of such a launch. */
  readonly windowWorkgroup: number;
  /** Workgroups that there must be before one owns several batch rows, which share its weights. */
  readonly windowGroups: number;
  /** Rows up to which every row looks through all ids, which saves a launch that sorts them. */
  readonly searchedRows: number;
  /** Values of a row that one invocation moves at most. */
  readonly valuesOfInvocation: number;
}

const SOFTWARE: Rules = {
  // A few cores with four lanes each.
  parallelism: 64,
  // A workgroup stays on one core: small ones, so that every core gets some.
  tilesOfWorkgroup: 16,
  // Loads cost most, and the largest tile loads least for each multiply-add.
  largestTiles: true,
  // One core computes four lanes at a time: a narrower tile would not make more of them busy.
  rowColumns: [8],
  // A workgroup stays on one core, whose four lanes are all that a split can fill.
  splitLanes: 4,
  // The barriers of a split cost more than idle lanes do.
  splitsSteps: false,
  // A barrier costs more than a row does.
  sharesWork: false,
  // A launch costs less than a core that has nothing to do.
  windowWeights: 0,
  // Four lanes of one core: barriers are free among them.
  windowWorkgroup: 4,
  windowGroups: 2,
  // A launch costs less than a second look at the ids.
  searchedRows: 0,
  // An invocation costs more than what it loads.
  valuesOfInvocation: 16,
};

const DISCRETE: Rules = {
  // Some thousand lanes, each with a few invocations to change between while it waits for loads.
  parallelism: 16384,
  // Two waves of 32, or one of 64.
  tilesOfWorkgroup: 64,
  // 256 sums leave an invocation so many registers that too few waves fit on a core.
  largestTiles: false,
  rowColumns: [8, 4],
  // Barriers are cheap and idle cores are not.
  splitLanes: 16384,
  splitsSteps: true,
  sharesWork: true,
  // A core reads about 100 bytes a nanosecond from the second cache: as many weights as it reads in
  // the five microseconds that a launch takes.
  windowWeights: 131072,
  windowWorkgroup: 256,
  // Cores of a middling card.
  windowGroups: 64,
  // A launch costs as much as many idle lanes looking through a few hundred ids.
  searchedRows: 256,
  // Neighbouring invocations should load neighbouring values.
  valuesOfInvocation: 1,
};

/**
 * The rules of each kind of adapter. Those of software were measured on SwiftShader. Those of
 * hardware follow from how it works; what they miss, tuning finds out on the machine (`tune`).
 */
export const RULES: Readonly<Record<AdapterKind, Rules>> = {
  software: SOFTWARE,
  // The same costs as a discrete GPU, with some hundred to a thousand lanes.
  integrated: { ...DISCRETE, parallelism: 4096, splitLanes: 4096, windowGroups: 8 },
  discrete: DISCRETE,
  // From 8 cores of 128 lanes on.
  apple: { ...DISCRETE, parallelism: 8192, splitLanes: 8192, windowGroups: 8 },
};

/** The rules of the adapter that a plan is for. */
export function rulesOf({ kind, parallelism }: PlanTarget): Rules {
  return RULES[kind ?? (parallelism < 1024 ? 'software' : 'discrete')];
}

/**
 * Invocations on a GPU. On a software adapter a barrier costs more the more invocations wait at it.
 */
const WIDE = 256;

/**
 * Invocations of a workgroup that sums by a tree, and the levels of that tree.
 * @param narrow how many an adapter gets whose invocations share no work; a power of two
 */
export function reductionWorkgroup(
  target: PlanTarget,
  narrow: number,
): { readonly workgroup: number; readonly levels: number } {
  const workgroup = rulesOf(target).sharesWork ? WIDE : narrow;
  return { workgroup, levels: Math.log2(workgroup) };
}
