import backwardSource from '../../../shaders/concat/backward.wgsl?raw';
import forwardSource from '../../../shaders/concat/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';

const forward = valueKernel('concat/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

const backward = valueKernel('concat/backward', [backwardSource], {
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});

/** One invocation for each value of `[R,M+P]`. */
function launch(kernelOf: ValueKernel, { dims: { R, M, P }, accumulate }: PlanRequest): Launch {
  const values = rowValues(M, P);
  const [WIDTH_A, WIDTH_B] = [M / values.width, P / values.width];
  return valueLaunch(kernelOf, values, R * (WIDTH_A + WIDTH_B), { R, WIDTH_A, WIDTH_B }, accumulate);
}

export * as native from './native.js';
export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launch(forward, request)],
  backward: (request) => [launch(backward, request)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, M: 1, P: 1 } },
  { dims: { R: 1, M: 300, P: 100 } },
  { dims: { R: 5, M: 4, P: 7 } },
  { dims: { R: 37, M: 12, P: 20 } },
  { dims: { R: 3, M: 130, P: 1 } },
  { dims: { R: 1120, M: 256, P: 256 }, thorough: true },
];
