import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const concat = defineOp({
  name: 'concat',
  about:
    'Joins two tensors along their last axis: y[r] = (a[r], b[r]). With R = 1, on views of shape [1, ' +
    'elements], it joins them along the first axis.',
  tensors: { a: input(['R', 'M']), b: input(['R', 'P']), y: output(['R', 'M+P']) },
  attributes: {},
  accumulates: ['da', 'db'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, M: 1, P: 1 } },
    { dims: { R: 1, M: 300, P: 100 } },
    { dims: { R: 5, M: 4, P: 7 } },
    { dims: { R: 37, M: 12, P: 20 } },
    { dims: { R: 3, M: 130, P: 1 } },
    { dims: { R: 1120, M: 256, P: 256 }, thorough: true },
  ],
});
