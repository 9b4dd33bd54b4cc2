import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { additions, sameNames, WORKGROUP, type ValueKernel } from '../elementwise.js';
import { rowValues } from '../rows.js';
import * as kernels from './kernels.js';

export const planForward: Planner = (request) => [launch(kernels.forward, request)];

export const planBackward: Planner = (request) => [launch(kernels.backward, request)];

/** One invocation for each value of `[R,M+P]`. */
function launch(kernelOf: ValueKernel, { dims: { R, M, P }, has, accumulate }: PlanRequest): Launch {
  const { type, VEC4, width } = rowValues(M, P);
  const kernel = kernelOf(type);
  const [WIDTH_A, WIDTH_B] = [M / width, P / width];
  const grid = lineGrid(R * (WIDTH_A + WIDTH_B), WORKGROUP);
  return {
    kernel,
    constants: { R, WIDTH_A, WIDTH_B, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: sameNames(kernel, has),
    grid,
  };
}
