import backwardSource from '../../../shaders/last_steps/backward.wgsl?raw';
import forwardSource from '../../../shaders/last_steps/forward.wgsl?raw';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { additions, sameNames, valueKernel, WORKGROUP, type ValueKernel } from '../elementwise.js';
import { rowValues } from '../rows.js';

const withLengths = (kernelOf: ValueKernel): ValueKernel => {
  return (type): Kernel => {
    const kernel = kernelOf(type);
    return { ...kernel, bindings: { ...kernel.bindings, lengths: { access: 'read', type: 'u32' } } };
  };
};

const forward = withLengths(
  valueKernel('last_steps/forward', [forwardSource], { x: 'read', y: 'read_write' }),
);
const backward = withLengths(
  valueKernel('last_steps/backward', [backwardSource], { dy: 'read', dx: 'read_write' }),
);

export const planForward: Planner = (request) => [launch(forward, request, 1)];

/**
 * All steps, since those that are not the last get zero; where the gradient is added to what is
 * there, an invocation for each value of the last steps only.
 */
export const planBackward: Planner = (request) => [
  launch(backward, request, request.accumulate.includes('dx') ? 1 : request.dims.T),
];

/** One invocation for each value of `steps` steps [N,C]. */
function launch(
  kernelOf: ValueKernel,
  { dims: { T, N, C }, has, accumulate }: PlanRequest,
  steps: number,
): Launch {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const kernel = kernelOf(type);
  const grid = lineGrid(steps * N * COLUMNS, WORKGROUP);
  return {
    kernel,
    constants: { T, N, COLUMNS, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: sameNames(kernel, has),
    grid,
  };
}
