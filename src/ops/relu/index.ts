import { defineOp, input, output } from '../../plan/op.js';

export const relu = defineOp({
  name: 'relu',
  about: 'Rectifier of every element: y = max(x, 0); its slope at 0 is taken as 0.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
