import { defineOp, inout, input, output } from '../../plan/op.js';

/**
 * With `gradient`, logits are overwritten by the gradient of scale/count · Σ loss; loss itself is not
 * scaled. A target from V on leaves the row out: loss 0, gradient 0. Label smoothing e and class weights w
 * as in PyTorch: loss = (1 − e)·w[target]·(lse − logits[target]) + e/V·Σ_v w[v]·(lse − logits[v]), with
 * lse = log Σ exp(logits).
 */
export const softmaxCrossEntropy = defineOp({
  name: 'softmax_cross_entropy',
  about: 'Cross-entropy of each row: loss = log Σ exp(logits) − logits[target].',
  tensors: {
    logits: inout(['R', 'V'], { differentiable: true }),
    targets: input(['R'], { dtype: 'u32' }),
    count: input(['1'], {
      optional: true,
      differentiable: false,
      about: 'what the gradient of a mean is divided by; 1 where left out',
    }),
    class_weights: input(['V'], { optional: true, differentiable: false }),
    loss: output(['R']),
  },
  attributes: {
    scale: 1,
    gradient: true,
    /** Share of each target that is spread over all classes: from 0 to below 1. */
    labelSmoothing: 0,
  },
  gradientInPlace: { logits: 'logits' },
  load: () => import('./implementation.js'),
});
