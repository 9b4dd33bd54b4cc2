import backwardSource from '../../../shaders/masked_softmax/backward.wgsl?raw';
import forwardSource from '../../../shaders/masked_softmax/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import { overRows } from '../lib/native-calls.js';

const read = { access: 'read', type: 'f32' } as const;

const write = { access: 'read_write', type: 'f32' } as const;

const lengths = { access: 'read', type: 'u32' } as const;

const kernels = {
  forward: { source: forwardSource, bindings: { x: read, lengths, y: write } },
  backward: { source: backwardSource, bindings: { y: read, lengths, dy: read, dx: write } },
} as const;

function launch({ dims: { T, N, S }, target }: PlanRequest, phase: 'forward' | 'backward'): Launch[] {
  const { source, bindings } = kernels[phase];
  const kernel = { name: `masked_softmax/${phase}`, sources: [source], bindings };
  return [rowLanesLaunch(kernel, T * N, target, { N, S })];
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => launch(request, 'forward'),
  backward: (request) => launch(request, 'backward'),
};

export const native: NativePlanners = {
  forward: ({ dims: { T, N, S } }) => [
    overRows('softmax_forward', ['x', 'y', S, 'lengths', N], T * N, 16 * S),
  ],
  backward: ({ dims: { T, N, S } }) => [
    overRows('softmax_backward', ['y', 'dy', 'dx', S, 'lengths', N], T * N, 8 * S),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, S: 1 }, fill: { lengths: { values: [1] } } },
  { dims: { T: 4, N: 3, S: 7 }, fill: { lengths: { values: [7, 1, 4] } } },
  { dims: { T: 3, N: 2, S: 5 }, without: ['lengths'] },
  // exp overflows unless the largest of the first lengths[n] positions is subtracted first.
  { dims: { T: 3, N: 5, S: 37 }, fill: { x: { scale: 80, shift: 100 }, lengths: { values: [37, 9, 20] } } },
  { dims: { T: 2, N: 3, S: 300 }, fill: { lengths: { values: [300, 129, 2] } } },
  { dims: { T: 50, N: 32, S: 200 }, fill: { lengths: { values: [200, 11, 77] } }, thorough: true },
];
