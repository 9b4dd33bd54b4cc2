import { defineOp, input, output, weight } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const matmul = defineOp({
  name: 'matmul',
  about: 'Matrix product: c = a·b + bias.',
  tensors: {
    a: input(['M', 'K']),
    b: input(['K', 'P']),
    bias: weight(['P'], { optional: true }),
    c: output(['M', 'P']),
  },
  attributes: {},
  accumulates: ['da', 'db', 'dbias'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { M: 1, P: 1, K: 1 } },
    { dims: { M: 1, P: 65, K: 7 } },
    { dims: { M: 3, P: 8, K: 12 }, without: ['bias'] },
    { dims: { M: 5, P: 1, K: 33 } },
    { dims: { M: 9, P: 17, K: 1 } },
    { dims: { M: 33, P: 36, K: 20 } },
    { dims: { M: 67, P: 65, K: 66 }, without: ['bias'] },
    { dims: { M: 129, P: 131, K: 40 } },
    { dims: { M: 320, P: 301, K: 256 }, thorough: true },
  ],
});
