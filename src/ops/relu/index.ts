import { defineOp, input, output } from '../../plan/op.js';

export const relu = defineOp({
  name: 'relu',
  about: 'Rectifier of every element: y = max(x, 0). Its slope at 0 is 0.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
