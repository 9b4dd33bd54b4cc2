import { defineOp, input, output, saved, scratch, weight } from '../../plan/op.js';
import {
  initialTensors,
  optionalTensors,
  outputTensors,
  recurrentAttributes,
  STATES,
  windowTensors,
} from '../recurrent/contract.js';

export const lstm = defineOp({
  name: 'lstm',
  about:
    'One LSTM layer over a window: i, f, g, o from projected_t + W_hh·h_{t−1} + b_hh; c_t = f ⊙ ' +
    'c_{t−1} + i ⊙ g; h_t = o ⊙ tanh(c_t).',
  tensors: {
    projected: input(['T', 'N', '4H'], {
      about: 'W_ih·x_t + b_ih of all steps, gates i f g o',
    }),
    ...initialTensors,
    c0: input(['N', 'H'], { about: 'initial cell state' }),
    c0_learned: weight(['H'], {
      optional: true,
      about: 'where keep is 0; default zero',
    }),
    ...windowTensors,
    weight_hh: weight(['4H', 'H']),
    bias_hh: weight(['4H'], { optional: true }),
    ...outputTensors,
    cn: output(['N', 'H'], { about: 'cell state at the end of each row; may be the tensor of c0' }),
    states: saved(['2T+2', 'N', 'H'], { about: `T + 1 rows of h, then T + 1 rows of c: ${STATES}` }),
    gates: saved(['T', 'N', '4H'], { about: 'i f g o after their activations; zero at padding' }),
    ...optionalTensors,
    da: scratch(['T', 'N', '4H'], {
      about: 'gradient before the activations, used without dprojected',
    }),
    carry: scratch(['N', 'H'], { about: 'f ⊙ dL/dc_t, for the step before t' }),
  },
  attributes: recurrentAttributes,
  accumulates: ['dweight_hh', 'dbias_hh', 'dh0_learned', 'dc0_learned'],
  backward: true,
  load: () => import('./implementation.js'),
});
