import type { Dims } from '../core/notation.js';
import { lineGrid, type Kernel, type Launch } from '../plan/kernel.js';

/** Invocations per workgroup of kernels in which every invocation stands alone. */
export const WORKGROUP = 64;

/** A launch with one invocation per element of `[E]`, all bindings named like the contract's tensors unless `tensors` says otherwise. */
export function elementwiseLaunch(kernel: Kernel, dims: Dims, tensors: Readonly<Record<string, string>>): Launch {
  const grid = lineGrid(dims.E, WORKGROUP);
  return { kernel, constants: { E: dims.E, WORKGROUP, GRID_X: grid[0] }, tensors, grid };
}
