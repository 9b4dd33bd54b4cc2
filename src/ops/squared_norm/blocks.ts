/**
 * Elements of a block: enough work for one workgroup, few enough that its sum is accurate in single
 * precision.
 */
const BLOCK = 4096;
const MOST_BLOCKS = 1024;

/**
 * The B that suits a tensor of E elements. A function of E alone, so that results do not depend on
 * the device's size.
 */
export function normBlocks(E: number): number {
  return Math.min(MOST_BLOCKS, Math.max(1, Math.ceil(E / BLOCK)));
}
