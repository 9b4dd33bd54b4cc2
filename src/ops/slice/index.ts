import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const slice = defineOp({
  name: 'slice',
  about: 'Some rows of a matrix, one behind the other: y[s] = x[start+s].',
  tensors: { x: input(['R', 'C']), y: output(['S', 'C']) },
  attributes: { start: 0 },
  accumulates: ['dx'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, C: 1, S: 1 } },
    { dims: { R: 7, C: 3, S: 2 }, attributes: { start: 4 } },
    { dims: { R: 7, C: 20, S: 1 }, attributes: { start: 6 } },
    { dims: { R: 131, C: 5, S: 67 }, attributes: { start: 63 } },
    { dims: { R: 35 * 32, C: 256, S: 32 }, attributes: { start: 64 }, thorough: true },
  ],
});
