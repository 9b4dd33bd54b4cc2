import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const sumRows = defineOp({
  name: 'sum_rows',
  about: 'Sum over rows, such as time and batch for the gradient of a bias: y[c] = Σ_r x[r,c].',
  tensors: { x: input(['R', 'C']), y: output(['C']) },
  attributes: {},
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, C: 1 } },
    { dims: { R: 3, C: 67 } },
    { dims: { R: 131, C: 4 } },
    { dims: { R: 1120, C: 36 } },
    { dims: { R: 35, C: 1465 } },
    { dims: { R: 12800, C: 256 }, thorough: true },
  ],
});
