import { defineOp, input, output } from '../../plan/op.js';

export const multiply = defineOp({
  name: 'multiply',
  about: 'Product of two tensors, element by element: y = a · b.',
  tensors: { a: input(['E']), b: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
