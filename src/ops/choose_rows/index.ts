import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const chooseRows = defineOp({
  name: 'choose_rows',
  about:
    'Rows of sequences that still go on at step t from one tensor, the others from another: y[n] = ' +
    'a[n] where t < lengths[n], else b[n], or 0 without b.',
  tensors: {
    a: input(['N', 'C']),
    b: input(['N', 'C'], { optional: true }),
    lengths: input(['N'], { dtype: 'u32', about: 'time steps of each row' }),
    y: output(['N', 'C']),
  },
  attributes: { t: 0 },
  accumulates: ['da', 'db'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { N: 1, C: 1 }, fill: { lengths: { values: [1] } } },
    { dims: { N: 5, C: 3 }, attributes: { t: 2 }, fill: { lengths: { values: [2, 3, 1, 9] } } },
    { dims: { N: 6, C: 8 }, attributes: { t: 1 }, without: ['b'], fill: { lengths: { values: [1, 2] } } },
    { dims: { N: 32, C: 1024 }, attributes: { t: 7 }, fill: { lengths: { below: 15 } }, thorough: true },
  ],
});
