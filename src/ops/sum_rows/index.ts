import { defineOp, input, output } from '../../plan/op.js';

export const sumRows = defineOp({
  name: 'sum_rows',
  about: 'Sum over rows, such as over time and batch for the gradient of a bias: y[c] = Σ_r x[r,c].',
  tensors: { x: input(['R', 'C']), y: output(['C']) },
  attributes: {},
  backward: true,
  load: () => import('./implementation.js'),
});
