import { defineOp, input, output } from '../../plan/op.js';

export const tanh = defineOp({
  name: 'tanh',
  about: 'Hyperbolic tangent of every element: y = tanh(x).',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
