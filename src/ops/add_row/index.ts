import { defineOp, input, output, weight } from '../../plan/op.js';

export const addRow = defineOp({
  name: 'add_row',
  about: 'Adds the same row to each row, such as a bias: y[r] = x[r] + b.',
  tensors: { x: input(['R', 'C']), b: weight(['C']), y: output(['R', 'C']) },
  attributes: {},
  accumulates: ['dx', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
