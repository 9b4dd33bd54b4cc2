import backwardSource from '../../../shaders/pair_steps/backward.wgsl?raw';
import forwardSource from '../../../shaders/pair_steps/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { additions, sameNames, valueKernel, WORKGROUP, type ValueKernel } from '../elementwise.js';
import { rowValues } from '../rows.js';

const forward = valueKernel('pair_steps/forward', [forwardSource], { x: 'read', y: 'read_write' });
const backward = valueKernel('pair_steps/backward', [backwardSource], { dy: 'read', dx: 'read_write' });

export const planForward: Planner = (request) => [launch(forward, request, 2 * request.dims.S)];

export const planBackward: Planner = (request) => [launch(backward, request, request.dims.T)];

/** One invocation for each value of `steps` steps [N,C]. */
function launch(
  kernelOf: ValueKernel,
  { dims: { T, N, C, S }, has, accumulate }: PlanRequest,
  steps: number,
): Launch {
  if (S !== Math.ceil(T / 2))
    throw new ShapeError(
      `pair_steps: S must be T/2 rounded up, that is ${Math.ceil(T / 2)} for T = ${T}, got ${S}.`,
    );
  const { type, VEC4, COLUMNS } = rowValues(C);
  const kernel = kernelOf(type);
  const grid = lineGrid(steps * N * COLUMNS, WORKGROUP);
  return {
    kernel,
    constants: { T, N, S, COLUMNS, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: sameNames(kernel, has),
    grid,
  };
}
