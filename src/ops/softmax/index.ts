import { defineOp, input, output } from '../../plan/op.js';

export const softmax = defineOp({
  name: 'softmax',
  about: 'Softmax of each row: y[r,v] = exp(x[r,v]) / Σ_u exp(x[r,u]).',
  tensors: { x: input(['R', 'V']), y: output(['R', 'V']) },
  attributes: {},
  backward: true,
  load: () => import('./implementation.js'),
});
