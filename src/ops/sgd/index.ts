import { defineOp, inout } from '../../plan/op.js';
import { updateTensors } from '../lib/optimizer-contract.js';

/**
 * `hyper` is (learning rate, share of the gradient that is added to the velocity, unused, unused).
 * The share is 1 in step 1 and 1 − dampening afterwards, as in torch.optim.SGD.
 */
export const sgd = defineOp({
  name: 'sgd',
  about:
    'Stochastic gradient descent: v = momentum·v + share·g, w −= rate·v (nesterov: rate·(g + ' +
    'momentum·v); without velocity: rate·g), g with weight decay.',
  tensors: { ...updateTensors, velocity: inout(['E'], { optional: true }) },
  attributes: { momentum: 0, nesterov: false, weightDecay: 0, clipValue: 0 },
  load: () => import('./implementation.js'),
});
