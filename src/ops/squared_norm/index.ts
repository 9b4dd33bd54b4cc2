import { defineOp, input, output } from '../../plan/op.js';

/**
 * First half of a gradient norm; `step_summary` computes the second. The caller chooses B, usually
 * by `normBlocks`.
 */
export const squaredNorm = defineOp({
  name: 'squared_norm',
  about:
    'For each block b of a flat tensor: partial[b] = (Σ x² over finite x, number of infinite or NaN x). ' +
    'E is a multiple of 64.',
  tensors: {
    x: input(['E'], { differentiable: false, about: 'gradients' }),
    partial: output(['B', '2'], {
      differentiable: false,
      about: 'sum of squares, number of non-finite elements',
    }),
  },
  attributes: {},
  load: () => import('./implementation.js'),
});
