import { defineOp, input, output } from '../../plan/op.js';

/**
 * report = (Σ loss, gradient norm before clipping, 1 if usable else 0, clip factor min(1, clipNorm/(norm +
 * 1e-6))). A step is usable if no gradient element is infinite or NaN and the norm fits in single
 * precision. If it is not, the norm is that of the finite elements and the factor is 0.
 */
export const stepSummary = defineOp({
  name: 'step_summary',
  about: 'Report of a step: loss, gradient norm, whether the step is usable, clip factor.',
  tensors: {
    partial: input(['B', '2'], { differentiable: false, about: 'from squared_norm' }),
    loss: input(['R'], { differentiable: false }),
    report: output(['4'], { differentiable: false, about: 'loss, norm, usable, clip factor' }),
  },
  attributes: { clipNorm: 0 },
  load: () => import('./implementation.js'),
});
