import { defineOp, input, output, weight } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const addRow = defineOp({
  name: 'add_row',
  about: 'Adds the same row to each row, such as a bias: y[r] = x[r] + b.',
  tensors: { x: input(['R', 'C']), b: weight(['C']), y: output(['R', 'C']) },
  attributes: {},
  accumulates: ['dx', 'db'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, C: 1 } },
    { dims: { R: 3, C: 67 } },
    { dims: { R: 131, C: 20 } },
    { dims: { R: 12800, C: 256 }, thorough: true },
  ],
});
