import { defineOp, input, saved, scratch, weight } from '../../plan/op.js';
import {
  initialTensors,
  optionalTensors,
  outputTensors,
  recurrentAttributes,
  STATES,
  windowTensors,
} from '../recurrent/contract.js';

export const gru = defineOp({
  name: 'gru',
  about:
    'One layer of the GRU over a window: h_t = (1 − z)⊙n + z⊙h_{t−1}, n = tanh(a_n + r⊙(W_hn·h_{t−1} + ' +
    'b_hn)), or the reset gate r before that product.',
  tensors: {
    projected: input(['T', 'N', '3H'], {
      about: 'W_ih·x_t + b_ih of all steps, gates r z n',
    }),
    ...initialTensors,
    ...windowTensors,
    weight_hh: weight(['3H', 'H']),
    bias_hh: weight(['3H'], { optional: true }),
    ...outputTensors,
    h: saved(['T+1', 'N', 'H'], { about: STATES }),
    gates: saved(['T', 'N', '4H'], {
      about:
        'r z n after their activations, then q: W_hn·h + b_hn, or r⊙h with the reset gate before the ' +
        'product',
    }),
    ...optionalTensors,
    da: scratch(['T', 'N', '3H'], {
      about: 'gradients before the activations, used without dprojected',
    }),
    recurrent: scratch(['3T+1', 'N', 'H'], {
      about: 'gradients of the recurrent sums, [T,N,3H]; then the gradient that passes the gates, [N,H]',
    }),
  },
  attributes: {
    /**
     * Place of the reset gate: `after` the recurrent product, as in PyTorch and cuDNN, or `before` it
     * (Cho et al., 2014).
     */
    reset: 'after',
    ...recurrentAttributes,
  },
  accumulates: ['dweight_hh', 'dbias_hh', 'dh0_learned'],
  backward: true,
  load: () => import('./implementation.js'),
});
