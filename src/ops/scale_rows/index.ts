import { defineOp, input, output } from '../../plan/op.js';

export const scaleRows = defineOp({
  name: 'scale_rows',
  about: 'Multiplies every row of a matrix by its own number: y[r,c] = scale[r] · x[r,c].',
  tensors: { x: input(['R', 'C']), scale: input(['R'], { differentiable: false }), y: output(['R', 'C']) },
  attributes: {},
  backward: true,
  load: () => import('./implementation.js'),
});
