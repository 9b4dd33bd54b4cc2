import type { PlanTarget } from '../plan/op.js';

/** Below this a target is a software adapter, where a barrier costs more the more invocations wait at it. */
const FEW = 1024;
const WIDE = 256;

/**
 * Invocations of a workgroup that sums by a tree, and the levels of that tree.
 * @param narrow how many a software adapter gets; a power of two
 */
export function reductionWorkgroup(target: PlanTarget, narrow: number): { readonly workgroup: number; readonly levels: number } {
  const workgroup = target.parallelism < FEW ? narrow : WIDE;
  return { workgroup, levels: Math.log2(workgroup) };
}
