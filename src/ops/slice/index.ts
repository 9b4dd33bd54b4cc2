import { defineOp, input, output } from '../../plan/op.js';

export const slice = defineOp({
  name: 'slice',
  about: 'Some rows of a matrix, one behind the other: y[s] = x[start+s].',
  tensors: { x: input(['R', 'C']), y: output(['S', 'C']) },
  attributes: { start: 0 },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
