import backwardSource from '../../../shaders/last_steps/backward.wgsl?raw';
import forwardSource from '../../../shaders/last_steps/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { overRows, zeroUnless } from '../lib/native-calls.js';

const others = { bindings: { lengths: { access: 'read', type: 'u32' } } } as const;

const forward = valueKernel('last_steps/forward', [forwardSource], { x: 'read', y: 'read_write' }, others);

const backward = valueKernel(
  'last_steps/backward',
  [backwardSource],
  { dy: 'read', dx: 'read_write' },
  others,
);

/** One invocation for each value of `steps` steps [N,C]. */
function launch(
  kernelOf: ValueKernel,
  { dims: { T, N, C }, accumulate }: PlanRequest,
  steps: number,
): Launch {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return valueLaunch(kernelOf, values, steps * N * COLUMNS, { T, N, COLUMNS }, accumulate);
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launch(forward, request, 1)],
  // All T steps, since every other step gets zero. Where the gradient is added to what is there, only
  // the last steps get invocations.
  backward: (request) => [launch(backward, request, request.accumulate.includes('dx') ? 1 : request.dims.T)],
};

export const native: NativePlanners = {
  forward: ({ dims: { T, N, C } }) => [
    overRows('last_steps', ['x', 'lengths', 'y', false, false, T, N, C], N, C),
  ],
  backward: ({ dims: { T, N, C }, accumulate }) => {
    const adds = accumulate.includes('dx');
    return [
      ...zeroUnless(adds, 'dx', T * N * C),
      overRows('last_steps', ['dx', 'lengths', 'dy', true, adds, T, N, C], N, C),
    ];
  },
};

export const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, C: 1 }, without: ['lengths'] },
  { dims: { T: 5, N: 4, C: 7 }, fill: { lengths: { values: [2, 5, 1, 3] } } },
  { dims: { T: 4, N: 3, C: 8 }, without: ['lengths'] },
  { dims: { T: 3, N: 5, C: 8 }, fill: { lengths: { values: [3, 1] } } },
  { dims: { T: 500, N: 32, C: 256 }, fill: { lengths: { values: [500, 1, 77] } }, thorough: true },
];
