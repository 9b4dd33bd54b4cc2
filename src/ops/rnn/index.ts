import { defineOp, input, output, saved, scratch, weight } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

/** Recurrent weights of about this size keep the states of a test from saturating. */
const small = { scale: 0.4 };

export const rnn = defineOp({
  name: 'rnn',
  about: 'One layer of the vanilla RNN over a window: h_t = f(projected_t + W_hh·h_{t−1} + b_hh), f = tanh or relu.',
  tensors: {
    projected: input(['T', 'N', 'H'], { about: 'W_ih·x_t + b_ih of all steps, from one product before the loop' }),
    h0: input(['N', 'H'], { about: 'initial state' }),
    keep: input(['N'], { optional: true, differentiable: false, about: '1 carries h0, 0 starts the row from zero' }),
    weight_hh: weight(['H', 'H']),
    bias_hh: weight(['H'], { optional: true }),
    y: output(['T', 'N', 'H'], { about: 'h_t of all steps' }),
    hn: output(['N', 'H'], { about: 'final state; may be the tensor of h0' }),
    h: saved(['T+1', 'N', 'H'], { about: 'row 0 is the initial state: step t reads row t and writes row t+1' }),
    da: scratch(['T', 'N', 'H'], { about: 'gradient before the activation, where nobody wants dprojected' }),
  },
  attributes: { nonlinearity: 'tanh', variant: 'tiled' },
  accumulates: ['dweight_hh', 'dbias_hh'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { T: 1, N: 1, H: 1 } },
    { dims: { T: 5, N: 3, H: 7 }, fill: { weight_hh: small, keep: { values: [1, 0, 1] } } },
    { dims: { T: 4, N: 2, H: 12 }, without: ['keep'], fill: { weight_hh: small } },
    { dims: { T: 6, N: 2, H: 9 }, attributes: { nonlinearity: 'relu' }, without: ['bias_hh', 'keep'], fill: { weight_hh: small } },
    { dims: { T: 5, N: 3, H: 7 }, attributes: { variant: 'simple' }, fill: { weight_hh: small, keep: { values: [1, 0, 1] } } },
    { dims: { T: 4, N: 6, H: 8 }, attributes: { variant: 'simple', nonlinearity: 'relu' }, without: ['keep'], fill: { weight_hh: small } },
    { dims: { T: 3, N: 9, H: 20 }, without: ['keep'], fill: { weight_hh: { scale: 0.2 } } },
    { dims: { T: 3, N: 37, H: 33 }, without: ['keep'], fill: { weight_hh: { scale: 0.1 } } },
    { dims: { T: 3, N: 1, H: 161 }, without: ['keep'], fill: { weight_hh: { scale: 0.08 } } },
    { dims: { T: 25, N: 1, H: 100 }, without: ['keep'], fill: { weight_hh: { scale: 0.1 } } },
    // Sums of 256 products and 35 steps of a contraction that is not one: errors grow along the window.
    { dims: { T: 35, N: 32, H: 256 }, fill: { weight_hh: { scale: 0.06 }, keep: { values: [1, 1, 0] } }, tolerance: 3e-5, thorough: true },
    { dims: { T: 500, N: 2, H: 33 }, without: ['keep'], fill: { weight_hh: { scale: 0.1 } }, tolerance: 3e-5, thorough: true },
    { dims: { T: 3, N: 5, H: 1024 }, without: ['keep'], fill: { weight_hh: { scale: 0.03 } }, tolerance: 3e-5, thorough: true },
  ],
});
