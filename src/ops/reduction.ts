import type { PlanTarget } from '../plan/op.js';
import { isSoftware } from './target.js';

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
