import { defineOp, inout } from '../../plan/op.js';
import { updateTensors } from '../lib/optimizer-contract.js';

/**
 * `hyper` is (learning rate, unused, unused, unused). Epsilon is added outside the root, as in
 * torch.optim.RMSprop and char-rnn.
 */
export const rmsprop = defineOp({
  name: 'rmsprop',
  about: 'RMSprop: m = decay·m + (1 − decay)·g², w −= rate·g/(√m + epsilon).',
  tensors: { ...updateTensors, square: inout(['E'], { about: 'running mean of squared gradients' }) },
  attributes: { decay: 0.99, epsilon: 1e-8, weightDecay: 0, clipValue: 0 },
  load: () => import('./implementation.js'),
});
