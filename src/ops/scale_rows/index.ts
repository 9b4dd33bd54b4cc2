import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/scale_rows/forward.wgsl?raw';
import type { Kernel, Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { lineLaunch } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'scale_rows/forward',
  sources: [index, source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    scale: { access: 'read', type: 'f32' },
    y: { access: 'read_write', type: 'f32' },
  },
};

/** Backward is the same kernel on the gradients. */
function plan({ dims: { R, C } }: PlanRequest, x: string, y: string): Launch[] {
  return [{ ...lineLaunch(kernel, R * C, { R, C }), tensors: { x, y } }];
}

export const scaleRows = defineOp({
  name: 'scale_rows',
  about: 'Scales every row of a matrix by a number of its own: y[r,c] = scale[r] · x[r,c].',
  tensors: { x: input(['R', 'C']), scale: input(['R'], { differentiable: false }), y: output(['R', 'C']) },
  attributes: {},
  reference,
  plan: { forward: (request) => plan(request, 'x', 'y'), backward: (request) => plan(request, 'dy', 'dx') },
  native,
  cases: [
    { dims: { R: 1, C: 1 } },
    { dims: { R: 5, C: 33 }, fill: { scale: { values: [0, 1, 0.5] } } },
    { dims: { R: 64, C: 256 }, fill: { scale: { values: [1, 0] } } },
  ],
});
