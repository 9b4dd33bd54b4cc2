import { defineOp, inout } from '../../plan/op.js';
import { updateTensors } from '../lib/optimizer-contract.js';

/** `hyper` is (learning rate, 1 − beta1^t, 1 − beta2^t, unused) in step t, counted from 1. */
export const adam = defineOp({
  name: 'adam',
  about:
    'Adam: m = beta1·m + (1 − beta1)·g, v = beta2·v + (1 − beta2)·g², w −= rate·m̂/(√v̂ + epsilon) ' +
    'with bias-corrected m̂ and v̂. `decoupled` is AdamW: weight decay is applied to w itself.',
  tensors: {
    ...updateTensors,
    mean: inout(['E'], { about: 'running mean of gradients' }),
    square: inout(['E'], { about: 'running mean of squared gradients' }),
  },
  attributes: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decoupled: false, clipValue: 0 },
  load: () => import('./implementation.js'),
});
