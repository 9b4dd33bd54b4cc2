import { defineOp, input, output } from '../../plan/op.js';

export const sigmoid = defineOp({
  name: 'sigmoid',
  about: 'Logistic function of every element: y = 1/(1 + exp(−x)).',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
