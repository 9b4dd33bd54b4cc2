import backwardSource from '../../../shaders/pair_steps/backward.wgsl?raw';
import forwardSource from '../../../shaders/pair_steps/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { overRows } from '../lib/native-calls.js';

const forward = valueKernel('pair_steps/forward', [forwardSource], { x: 'read', y: 'read_write' });

const backward = valueKernel('pair_steps/backward', [backwardSource], { dy: 'read', dx: 'read_write' });

/** One invocation for each value of `steps` steps [N,C]. */
function launch(
  kernelOf: ValueKernel,
  { dims: { T, N, C, S }, accumulate }: PlanRequest,
  steps: number,
): Launch {
  if (S !== Math.ceil(T / 2))
    throw new ShapeError(
      `pair_steps: S must be T/2 rounded up, that is ${Math.ceil(T / 2)} for T = ${T}, got ${S}.`,
    );
  const values = rowValues(C);
  const { COLUMNS } = values;
  return valueLaunch(kernelOf, values, steps * N * COLUMNS, { T, N, S, COLUMNS }, accumulate);
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launch(forward, request, 2 * request.dims.S)],
  backward: (request) => [launch(backward, request, request.dims.T)],
};

export const native: NativePlanners = {
  forward: ({ dims: { T, N, C, S } }) => [overRows('pair_steps', ['x', 'y', T, N, C], S * N, 2 * C)],
  backward: ({ dims: { T, N, C }, accumulate }) => [
    overRows('pair_steps_backward', ['dy', 'dx', N, C, accumulate.includes('dx')], T * N, C),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, C: 1, S: 1 } },
  { dims: { T: 5, N: 3, C: 7, S: 3 } },
  { dims: { T: 6, N: 2, C: 8, S: 3 } },
  { dims: { T: 201, N: 16, C: 512, S: 101 }, thorough: true },
];
