import { defineOp, input, output } from '../../plan/op.js';

export const sliceColumns = defineOp({
  name: 'slice_columns',
  about: 'A range of columns of a matrix: y[r,m] = x[r,start+m].',
  tensors: { x: input(['R', 'C']), y: output(['R', 'M']) },
  attributes: { start: 0 },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
