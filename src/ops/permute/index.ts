import source from '../../../shaders/permute/forward.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { valueKernel, valueLaunch } from '../lib/elementwise.js';
import { rowValues } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernelOf = valueKernel('permute/forward', [source], { x: 'read', y: 'read_write' });

/** Backward is the same kernel on the gradients, with M and P exchanged. */
function plan(
  { dims: { B, M, P, C }, accumulate }: PlanRequest,
  tensors: { readonly x: string; readonly y: string },
  [ROWS, ACROSS]: readonly [number, number],
): Launch[] {
  const values = rowValues(C);
  const { COLUMNS } = values;
  const VALUES = B * M * P * COLUMNS;
  const added = accumulate.includes(tensors.y) ? ['y'] : [];
  return [{ ...valueLaunch(kernelOf, values, VALUES, { VALUES, ROWS, ACROSS, COLUMNS }, added), tensors }];
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
    forward: (request) => plan(request, { x: 'x', y: 'y' }, [request.dims.M, request.dims.P]),
    backward: (request) => plan(request, { x: 'dy', y: 'dx' }, [request.dims.P, request.dims.M]),
  },
  native,
  cases: [
    { dims: { B: 1, M: 1, P: 1, C: 1 } },
    { dims: { B: 2, M: 3, P: 5, C: 1 } },
    { dims: { B: 1, M: 7, P: 3, C: 8 } },
    { dims: { B: 3, M: 4, P: 6, C: 5 } },
    { dims: { B: 32, M: 64, P: 196, C: 1 }, thorough: true },
  ],
});
