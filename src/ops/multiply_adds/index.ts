import { defineOp, input, output } from '../../plan/op.js';

/**
 * No layer uses it: the benchmark measures with it how fast the device computes at most.
 */
export const multiplyAdds = defineOp({
  name: 'multiply_adds',
  about: 'A loop of multiply-adds in registers, 8 · rounds for each element.',
  tensors: { x: input(['E'], { differentiable: false }), y: output(['E']) },
  attributes: { rounds: 64 },
  load: () => import('./implementation.js'),
});
