import type { PlanTarget } from '../../plan/op.js';

/**
 * Whether plans are for a software adapter: a few cores with four lanes each, where barriers, loads
 * and idle lanes are what costs.
 */
export function isSoftware({ parallelism }: PlanTarget): boolean {
  return parallelism < 1024;
}

/**
 * Invocations on a GPU. On a software adapter a barrier costs more the more invocations wait at it.
 */
const WIDE = 256;

/**
 * Invocations of a workgroup that sums by a tree, and the levels of that tree.
 * @param narrow how many a software adapter gets; a power of two
 */
export function reductionWorkgroup(
  target: PlanTarget,
  narrow: number,
): { readonly workgroup: number; readonly levels: number } {
  const workgroup = isSoftware(target) ? narrow : WIDE;
  return { workgroup, levels: Math.log2(workgroup) };
}
