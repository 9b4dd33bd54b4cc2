import { defineOp, input, output } from '../../plan/op.js';

export const divide = defineOp({
  name: 'divide',
  about: 'Quotient of two tensors, element by element: y = a / b.',
  tensors: { a: input(['E']), b: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
