import { defineOp, inout } from '../../plan/op.js';
import { updateTensors } from '../lib/optimizer-contract.js';

/**
 * `hyper` is (learning rate, unused, unused, unused). torch.optim.Adagrad adds epsilon outside the
 * root, min-char-rnn inside it: `epsilonInside`.
 */
export const adagrad = defineOp({
  name: 'adagrad',
  about: 'Adagrad: m += g², w −= rate·g/(√m + epsilon), or rate·g/√(m + epsilon) with epsilonInside.',
  tensors: { ...updateTensors, sum: inout(['E'], { about: 'of squared gradients' }) },
  attributes: { epsilon: 1e-10, epsilonInside: false, weightDecay: 0, clipValue: 0 },
  load: () => import('./implementation.js'),
});
