import source from '../../../shaders/permute/forward.wgsl?raw';
import { lineGrid, type Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { valueKernel, WORKGROUP } from '../elementwise.js';
import { rowValues } from '../rows.js';
import * as reference from './reference.js';

const kernelOf = valueKernel('permute/forward', [source], { x: 'read', y: 'read_write' });

/** Backward is the same kernel on the gradients, with M and P exchanged. */
function plan(
  { dims: { B, M, P, C }, accumulate }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  backward: boolean,
): Launch[] {
  const { type, VEC4, COLUMNS } = rowValues(C);
  const grid = lineGrid(B * M * P * COLUMNS, WORKGROUP);
  return [
    {
      kernel: kernelOf(type),
      constants: {
        VALUES: B * M * P * COLUMNS,
        ROWS: backward ? P : M,
        ACROSS: backward ? M : P,
        COLUMNS,
        VEC4,
        ADD_Y: accumulate.includes(tensors.y),
        WORKGROUP,
        GRID_X: grid[0],
      },
      tensors,
      grid,
    },
  ];
}

export const permute = defineOp({
  name: 'permute',
  about:
    'Exchanges two axes: y[b,p,m,c] = x[b,m,p,c]. Views name the axes: [T,N,C] to [N,T,C] is M = T, ' +
    'P = N; channels first to channels last is M = channels, P = places, C = 1. Any other order of ' +
    'axes is several of these.',
  tensors: { x: input(['B', 'M', 'P', 'C']), y: output(['B', 'P', 'M', 'C']) },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: {
    forward: (request) => plan(request, { x: 'x', y: 'y' }, false),
    backward: (request) => plan(request, { x: 'dy', y: 'dx' }, true),
  },
  cases: [
    { dims: { B: 1, M: 1, P: 1, C: 1 } },
    { dims: { B: 2, M: 3, P: 5, C: 1 } },
    { dims: { B: 1, M: 7, P: 3, C: 8 } },
    { dims: { B: 3, M: 4, P: 6, C: 5 } },
    { dims: { B: 32, M: 64, P: 196, C: 1 }, thorough: true },
  ],
});
