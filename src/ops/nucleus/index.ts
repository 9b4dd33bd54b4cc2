import source from '../../../shaders/nucleus/row.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, input, output } from '../../plan/op.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import * as reference from './reference.js';

export { NEVER } from './reference.js';

const kernel: Pick<Kernel, 'name' | 'sources' | 'bindings'> = {
  name: 'nucleus/row',
  sources: [source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    limits: { access: 'read', type: 'f32' },
    y: { access: 'read_write', type: 'f32' },
  },
};

export const nucleus = defineOp({
  name: 'nucleus',
  about:
    'Keeps the likeliest symbols of each row that together have a share p of the probability, p_i ∝ ' +
    'exp(x_i/temperature) over the k largest; the logits of the others become −3·10³⁸. (Holtzman and ' +
    'others, 2020.)',
  tensors: {
    x: input(['R', 'V'], { differentiable: false }),
    limits: input(['3'], { differentiable: false, about: 'temperature above 0, k or 0 for all, p' }),
    y: output(['R', 'V'], { differentiable: false }),
  },
  attributes: {},
  reference: { forward: reference.forward },
  plan: { forward: ({ dims: { R, V }, target }) => [rowLanesLaunch(kernel, R, target, { V })] },
  cases: [
    { dims: { R: 1, V: 1 }, fill: { limits: { values: [1, 0, 0.5] } } },
    { dims: { R: 5, V: 9 }, fill: { limits: { values: [1, 0, 0.7] } } },
    { dims: { R: 3, V: 40 }, fill: { limits: { values: [0.5, 6, 0.8] }, x: { scale: 2, shift: 100 } } },
    // Equal logits stay or go together.
    {
      dims: { R: 2, V: 7 },
      fill: { limits: { values: [1, 0, 0.5] }, x: { values: [0, 1, 2, 1, -5, 2, 1] } },
    },
    { dims: { R: 3, V: 300 }, fill: { limits: { values: [1.3, 0, 1] } } },
    { dims: { R: 16, V: 30000 }, fill: { limits: { values: [0.9, 50, 0.9] } }, thorough: true },
  ],
});
