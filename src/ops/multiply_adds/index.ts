import { defineOp, input, output } from '../../plan/op.js';

export const multiplyAdds = defineOp({
  name: 'multiply_adds',
  about: 'A loop of 8 · rounds multiply-adds for each element, for the benchmark.',
  tensors: { x: input(['E'], { differentiable: false }), y: output(['E']) },
  attributes: { rounds: 64 },
  load: () => import('./implementation.js'),
});
