import maxBackwardSource from '../../../shaders/pool_steps/max_backward.wgsl?raw';
import maxForwardSource from '../../../shaders/pool_steps/max_forward.wgsl?raw';
import meanBackwardSource from '../../../shaders/pool_steps/mean_backward.wgsl?raw';
import meanForwardSource from '../../../shaders/pool_steps/mean_forward.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import { defineOp, input, output, saved, type OpCase, type PlanRequest } from '../../plan/op.js';
import { additions, sameNames, WORKGROUP } from '../elementwise.js';
import { rowValues, type RowValues } from '../rows.js';
import * as reference from './reference.js';

type KernelOf = (type: RowValues['type']) => Kernel;

const u32 = { access: 'read', type: 'u32' } as const;

const meanForward: KernelOf = (type) => ({
  name: 'pool_steps/mean_forward',
  sources: [index, value, meanForwardSource],
  bindings: { x: { access: 'read', type }, lengths: u32, y: { access: 'read_write', type } },
});

const meanBackward: KernelOf = (type) => ({
  name: 'pool_steps/mean_backward',
  sources: [index, value, meanBackwardSource],
  bindings: { lengths: u32, dy: { access: 'read', type }, dx: { access: 'read_write', type } },
});

/** A column at a time, since each has a step of its own where it is largest. */
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

/** One launch with an invocation for each value of `steps` steps [N,C]. */
function launch(
  kernelOf: KernelOf,
  { dims: { T, N }, has, accumulate }: PlanRequest,
  steps: number,
  { type, VEC4, COLUMNS }: Pick<RowValues, 'type' | 'VEC4' | 'COLUMNS'>,
): Launch[] {
  const kernel = kernelOf(type);
  const grid = lineGrid(steps * N * COLUMNS, WORKGROUP);
  return [
    {
      kernel,
      constants: { T, N, COLUMNS, VEC4, ...additions(kernel, accumulate), WORKGROUP, GRID_X: grid[0] },
      tensors: sameNames(kernel, has),
      grid,
    },
  ];
}

const oneByOne = (C: number): Pick<RowValues, 'type' | 'VEC4' | 'COLUMNS'> => ({
  type: 'f32',
  VEC4: false,
  COLUMNS: C,
});

const tensors = {
  x: input(['T', 'N', 'C']),
  lengths: input(['N'], { dtype: 'u32', optional: true, about: 'steps of each row, 1 to T. Default: T' }),
  y: output(['N', 'C']),
};

const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, C: 1 }, without: ['lengths'] },
  { dims: { T: 5, N: 4, C: 7 }, fill: { lengths: { values: [2, 5, 1, 3] } } },
  { dims: { T: 4, N: 3, C: 8 }, without: ['lengths'] },
  { dims: { T: 6, N: 5, C: 12 }, fill: { lengths: { values: [6, 1, 4] } } },
  { dims: { T: 100, N: 32, C: 256 }, fill: { lengths: { values: [100, 1, 77] } }, thorough: true },
];

export const meanSteps = defineOp({
  name: 'mean_steps',
  about: "Mean over each row's own steps: y[n] = Σ_{t < lengths[n]} x[t,n] / lengths[n].",
  tensors,
  attributes: {},
  accumulates: ['dx'],
  reference: reference.mean,
  plan: {
    forward: (request) => launch(meanForward, request, 1, rowValues(request.dims.C)),
    backward: (request) => launch(meanBackward, request, request.dims.T, rowValues(request.dims.C)),
  },
  cases,
});

export const maxSteps = defineOp({
  name: 'max_steps',
  about: "Largest of each row's own steps, column by column: y[n,c] = max_{t < lengths[n]} x[t,n,c].",
  tensors: {
    ...tensors,
    place: saved(['N', 'C'], { dtype: 'u32', about: 'the first step with the largest value' }),
  },
  attributes: {},
  accumulates: ['dx'],
  reference: reference.max,
  plan: {
    forward: (request) => launch(() => maxForward, request, 1, oneByOne(request.dims.C)),
    backward: (request) => launch(() => maxBackward, request, request.dims.T, oneByOne(request.dims.C)),
  },
  cases,
});
