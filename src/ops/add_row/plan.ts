import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { additions, sameNames, WORKGROUP, type ValueKernel } from '../elementwise.js';
import { rowValues } from '../rows.js';
import { launchSumRows } from '../sum_rows/plan.js';
import * as kernels from './kernels.js';

export const planForward: Planner = (request) => [launch(kernels.forward, request)];

export const planBackward: Planner = (request) => [
  ...(request.has('dx') ? [launch(kernels.passOn, request)] : []),
  ...(request.has('db')
    ? [launchSumRows(request, { x: 'dy', y: 'db' }, request.accumulate.includes('db'))]
    : []),
];

/** One invocation for each value of `[R,C]`. */
function launch(kernelOf: ValueKernel, { dims: { R, C }, has, accumulate }: PlanRequest): Launch {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const kernel = kernelOf(type);
  const grid = lineGrid(R * COLUMNS, WORKGROUP);
  return {
    kernel,
    constants: { R, COLUMNS, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: sameNames(kernel, has),
    grid,
  };
}
