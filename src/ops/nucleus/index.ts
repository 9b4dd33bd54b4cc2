import { defineOp, input, output } from '../../plan/op.js';

export const nucleus = defineOp({
  name: 'nucleus',
  about:
    'Keeps the likeliest symbols of each row whose probabilities together reach p, with p_i ∝ ' +
    'exp(x_i/temperature) over the k largest; the logits of the others become −3·10³⁸. (Holtzman and ' +
    'others, 2020.)',
  tensors: {
    x: input(['R', 'V'], { differentiable: false }),
    limits: input(['3'], { differentiable: false, about: 'temperature above 0; k, or 0 for all; p' }),
    y: output(['R', 'V'], { differentiable: false }),
  },
  attributes: {},
  load: () => import('./implementation.js'),
});
