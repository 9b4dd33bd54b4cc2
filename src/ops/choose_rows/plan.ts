import backwardSource from '../../../shaders/choose_rows/backward.wgsl?raw';
import forwardSource from '../../../shaders/choose_rows/forward.wgsl?raw';
import { wholeNumber } from '../../core/options.js';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { additions, sameNames, valueKernel, WORKGROUP, type ValueKernel } from '../elementwise.js';
import { rowValues } from '../rows.js';

/** The step is a number of the launch, so that all steps share a pipeline. */
const withLengths = (kernelOf: ValueKernel): ValueKernel => {
  return (type): Kernel => {
    const kernel = kernelOf(type);
    return {
      ...kernel,
      bindings: { ...kernel.bindings, lengths: { access: 'read', type: 'u32' } },
      uniforms: ['t'],
    };
  };
};

const forward = withLengths(
  valueKernel('choose_rows/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' }),
);
const backward = withLengths(
  valueKernel('choose_rows/backward', [backwardSource], { dy: 'read', da: 'read_write', db: 'read_write' }),
);

export const planForward: Planner = (request) => [launch(forward, request)];

export const planBackward: Planner = (request) => [launch(backward, request)];

/** One invocation for each value of `[N,C]`. */
function launch(kernelOf: ValueKernel, { dims: { N, C }, attributes, has, accumulate }: PlanRequest): Launch {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const kernel = kernelOf(type);
  const grid = lineGrid(N * COLUMNS, WORKGROUP);
  return {
    kernel,
    constants: { N, COLUMNS, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
    tensors: sameNames(kernel, has),
    uniforms: { t: wholeNumber('choose_rows.t', attributes.t, 0) },
    grid,
  };
}
