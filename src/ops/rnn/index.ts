import { defineOp, input, saved, scratch, weight } from '../../plan/op.js';
import {
  initialTensors,
  optionalTensors,
  outputTensors,
  recurrentAttributes,
  STATES,
  windowTensors,
} from '../recurrent/contract.js';

export const rnn = defineOp({
  name: 'rnn',
  about:
    'One layer of the vanilla RNN over a window: h_t = f(projected_t + W_hh·h_{t−1} + b_hh), f = tanh ' +
    'or relu.',
  tensors: {
    projected: input(['T', 'N', 'H'], {
      about: 'W_ih·x_t + b_ih of all steps',
    }),
    ...initialTensors,
    ...windowTensors,
    weight_hh: weight(['H', 'H']),
    bias_hh: weight(['H'], { optional: true }),
    ...outputTensors,
    h: saved(['T+1', 'N', 'H'], { about: STATES }),
    ...optionalTensors,
    da: scratch(['T', 'N', 'H'], { about: 'gradient before the activation, used without dprojected' }),
  },
  attributes: { nonlinearity: 'tanh', ...recurrentAttributes },
  accumulates: ['dweight_hh', 'dbias_hh', 'dh0_learned'],
  backward: true,
  load: () => import('./implementation.js'),
});
