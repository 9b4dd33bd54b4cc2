/**
 * Elements of a block: enough work for one workgroup, and few enough that their sum is accurate in
 * single precision.
 */
const BLOCK = 4096;
const MOST_BLOCKS = 1024;

/**
 * The number of blocks, B, for a tensor of E elements. It depends on E alone, so that results do not
 * depend on the device. It is apart from the kernels, which training loads with its first graph.
 */
export function normBlocks(E: number): number {
  return Math.min(MOST_BLOCKS, Math.max(1, Math.ceil(E / BLOCK)));
}
