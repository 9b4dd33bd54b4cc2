import maxBackwardSource from '../../../shaders/pool_steps/max_backward.wgsl?raw';
import maxForwardSource from '../../../shaders/pool_steps/max_forward.wgsl?raw';
import meanBackwardSource from '../../../shaders/pool_steps/mean_backward.wgsl?raw';
import meanForwardSource from '../../../shaders/pool_steps/mean_forward.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { OpImplementation } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { additions, lineLaunch, valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { overRows } from '../lib/native-calls.js';
import { rowValues } from '../lib/row-layout.js';
import * as reference from './reference.js';

const u32 = { access: 'read', type: 'u32' } as const;
const others = { bindings: { lengths: u32 } } as const;

const meanForward = valueKernel(
  'pool_steps/mean_forward',
  [meanForwardSource],
  { x: 'read', y: 'read_write' },
  others,
);

const meanBackward = valueKernel(
  'pool_steps/mean_backward',
  [meanBackwardSource],
  { dy: 'read', dx: 'read_write' },
  others,
);

/** One invocation for each value of `steps` steps [N,C]. */
function launchMean(
  kernelOf: ValueKernel,
  { dims: { T, N, C }, accumulate }: PlanRequest,
  steps: number,
): Launch[] {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return [valueLaunch(kernelOf, values, steps * N * COLUMNS, { T, N, COLUMNS }, accumulate)];
}

/** Reads one column at a time, not vectors of four: each column has its largest element elsewhere. */
const maxForward: Kernel = {
  name: 'pool_steps/max_forward',
  sources: [index, maxForwardSource],
  bindings: {
    x: { access: 'read', type: 'f32' },
    lengths: u32,
    y: { access: 'read_write', type: 'f32' },
    place: { access: 'read_write', type: 'u32' },
  },
};

const maxBackward: Kernel = {
  name: 'pool_steps/max_backward',
  sources: [index, maxBackwardSource],
  bindings: { place: u32, dy: { access: 'read', type: 'f32' }, dx: { access: 'read_write', type: 'f32' } },
};

/** One invocation for each element of `steps` steps [N,C]. */
function launchMax(kernel: Kernel, { dims: { T, N, C }, accumulate }: PlanRequest, steps: number): Launch[] {
  return [lineLaunch(kernel, steps * N * C, { T, N, COLUMNS: C, ...additions(kernel, accumulate) })];
}

const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, C: 1 }, without: ['lengths'] },
  { dims: { T: 5, N: 4, C: 7 }, fill: { lengths: { values: [2, 5, 1, 3] } } },
  { dims: { T: 4, N: 3, C: 8 }, without: ['lengths'] },
  { dims: { T: 6, N: 5, C: 12 }, fill: { lengths: { values: [6, 1, 4] } } },
  { dims: { T: 100, N: 32, C: 256 }, fill: { lengths: { values: [100, 1, 77] } }, thorough: true },
];

export const mean: OpImplementation = {
  reference: reference.mean,
  plan: {
    forward: (request) => launchMean(meanForward, request, 1),
    backward: (request) => launchMean(meanBackward, request, request.dims.T),
  },
  native: {
    forward: ({ dims: { T, N, C } }) => [overRows('mean_steps', ['x', 'lengths', 'y', T, N, C], N, T * C)],
    backward: ({ dims: { T, N, C }, accumulate }) => [
      overRows('mean_steps_backward', ['lengths', 'dy', 'dx', T, N, C, accumulate.includes('dx')], T * N, C),
    ],
  },
  cases,
};

export const max: OpImplementation = {
  reference: reference.max,
  plan: {
    forward: (request) => launchMax(maxForward, request, 1),
    backward: (request) => launchMax(maxBackward, request, request.dims.T),
  },
  native: {
    forward: ({ dims: { T, N, C } }) => [
      overRows('max_steps', ['x', 'lengths', 'y', 'place', T, N, C], N, 2 * T * C),
    ],
    backward: ({ dims: { T, N, C }, accumulate }) => [
      overRows('max_steps_backward', ['place', 'dy', 'dx', N, C, accumulate.includes('dx')], T * N, 2 * C),
    ],
  },
  cases,
};
