import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const softmax = defineOp({
  name: 'softmax',
  about: 'Softmax of each row: y[r,v] = exp(x[r,v]) / Σ_u exp(x[r,u]).',
  tensors: { x: input(['R', 'V']), y: output(['R', 'V']) },
  attributes: {},
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, V: 1 } },
    { dims: { R: 3, V: 2 } },
    { dims: { R: 67, V: 131 } },
    // exp overflows unless the largest is subtracted.
    { dims: { R: 9, V: 40 }, fill: { x: { scale: 80, shift: 100 } } },
    { dims: { R: 5, V: 1465 } },
    { dims: { R: 1120, V: 1465 }, thorough: true },
    // Software adapters add up a row with one invocation: 7,500 terms to each of four sums, which
    // leaves about 1e-5.
    { dims: { R: 33, V: 30000 }, fill: { x: { scale: 5 } }, tolerance: 2e-5, thorough: true },
  ],
});
