import { defineOp, output } from '../../plan/op.js';

export const fill = defineOp({
  name: 'fill',
  about:
    'Sets every element to the same number, such as 0 for an initial state: y = value. It has no ' +
    'inputs, so the call must give E, or the tensor y.',
  tensors: { y: output(['E'], { differentiable: false }) },
  attributes: { value: 0 },
  load: () => import('./implementation.js'),
});
