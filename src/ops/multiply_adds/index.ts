import { defineOp, input, output } from '../../plan/op.js';

export const multiplyAdds = defineOp({
  name: 'multiply_adds',
  about:
    'A loop of multiply-adds in registers, 8 · rounds for each element: no layer needs it, the ' +
    'benchmark measures the ceiling of arithmetic with it.',
  tensors: { x: input(['E'], { differentiable: false }), y: output(['E']) },
  attributes: { rounds: 64 },
  load: () => import('./implementation.js'),
});
