import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const lastSteps = defineOp({
  name: 'last_steps',
  about: 'The last step of every sequence: y[n] = x[lengths[n]−1,n], or x[T−1,n] without lengths.',
  tensors: {
    x: input(['T', 'N', 'C']),
    lengths: input(['N'], { dtype: 'u32', optional: true, about: 'time steps of each row, 1 to T' }),
    y: output(['N', 'C']),
  },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { T: 1, N: 1, C: 1 }, without: ['lengths'] },
    { dims: { T: 5, N: 4, C: 7 }, fill: { lengths: { values: [2, 5, 1, 3] } } },
    { dims: { T: 4, N: 3, C: 8 }, without: ['lengths'] },
    { dims: { T: 3, N: 5, C: 8 }, fill: { lengths: { values: [3, 1] } } },
    { dims: { T: 500, N: 32, C: 256 }, fill: { lengths: { values: [500, 1, 77] } }, thorough: true },
  ],
});
