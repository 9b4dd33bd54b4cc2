import { defineOp, input, output } from '../../plan/op.js';

export const concat = defineOp({
  name: 'concat',
  about:
    'Joins two tensors along their last axis: y[r] = (a[r], b[r]). With views of shape [1,E] and R = 1, ' +
    'it joins them along the first axis.',
  tensors: { a: input(['R', 'M']), b: input(['R', 'P']), y: output(['R', 'M+P']) },
  attributes: {},
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
