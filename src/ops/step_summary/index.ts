import { defineOp, input, output } from '../../plan/op.js';

export const stepSummary = defineOp({
  name: 'step_summary',
  about:
    'report = (Σ loss, gradient norm before clipping, 1 if usable else 0, clip factor min(1, ' +
    'clipNorm/(norm + 1e-6))). ' +
    'A step is usable if no gradient element is infinite or NaN and the norm fits in single precision; ' +
    'if not, the norm is that of the finite elements and the factor is 0.',
  tensors: {
    partial: input(['B', '2'], { differentiable: false, about: 'from squared_norm' }),
    loss: input(['R'], { differentiable: false }),
    report: output(['4'], { differentiable: false, about: 'loss, norm, usable, clip factor' }),
  },
  attributes: { clipNorm: 0 },
  load: () => import('./implementation.js'),
});
