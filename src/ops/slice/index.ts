import { defineOp, input, output } from '../../plan/op.js';

export const slice = defineOp({
  name: 'slice',
  about: 'A range of rows of a matrix: y[s] = x[start+s].',
  tensors: { x: input(['R', 'C']), y: output(['S', 'C']) },
  attributes: { start: 0 },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
