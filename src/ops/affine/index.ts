import { defineOp, input, output } from '../../plan/op.js';

export const affine = defineOp({
  name: 'affine',
  about: 'The same linear function of every element: y = scale · x + shift.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: { scale: 1, shift: 0 },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
