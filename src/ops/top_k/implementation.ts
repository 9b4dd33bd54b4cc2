import entries from '../../../shaders/lib/entries.wgsl?raw';
import order from '../../../shaders/lib/order.wgsl?raw';
import source from '../../../shaders/top_k/row.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { OpImplementation } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { overRows } from '../lib/native-calls.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'top_k/row',
  sources: [order, entries, source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    values: { access: 'read_write', type: 'f32' },
    ids: { access: 'read_write', type: 'u32' },
  },
};

function plan({ dims: { R, V }, target }: PlanRequest, K: number): Launch {
  return rowLanesLaunch(kernel, R, target, { V, K });
}

/** Equal elements, both zeros, infinities and NaN. */
const special = { values: [3, -1, 3, NaN, 0, -0, -Infinity, 7, Infinity, -1] };

const sizes: readonly (OpCase & { readonly dims: { readonly R: number; readonly V: number } })[] = [
  { dims: { R: 1, V: 1 } },
  { dims: { R: 5, V: 9 } },
  { dims: { R: 13, V: 10 }, fill: { x: special } },
  { dims: { R: 7, V: 301 }, fill: { x: { values: [1, 2, 2] } } },
  { dims: { R: 16, V: 30000 }, thorough: true },
];

export const topK: OpImplementation = {
  reference: reference.topK,
  plan: {
    forward: (request) => {
      const { V, K } = request.dims;
      if (K > V)
        throw new ShapeError(`top_k: K must be at most V = ${V}, got K = ${K}; ask for fewer elements.`);
      return [plan(request, K)];
    },
  },
  native: {
    forward: ({ dims: { R, V, K } }) => [overRows('top_k', ['x', 'values', 'ids', V, K], R, 8 * V)],
  },
  cases: sizes.map((size, i) => ({ ...size, dims: { ...size.dims, K: [1, 4, 10, 5, 8][i] } })),
};

export const argmax: OpImplementation = {
  reference: reference.argmax,
  plan: { forward: (request) => [{ ...plan(request, 1), tensors: { values: undefined } }] },
  native: { forward: ({ dims: { R, V } }) => [overRows('top_k', ['x', 0, 'ids', V, 1], R, 8 * V)] },
  cases: sizes,
};
