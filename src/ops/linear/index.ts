import { defineOp, input, output, weight } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const linear = defineOp({
  name: 'linear',
  about: "Linear layer with PyTorch's weight: y = x·weightᵀ + bias.",
  tensors: {
    x: input(['R', 'K']),
    weight: weight(['P', 'K']),
    bias: weight(['P'], { optional: true }),
    y: output(['R', 'P']),
  },
  attributes: {},
  accumulates: ['dx', 'dweight', 'dbias'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { R: 1, P: 1, K: 1 } },
    { dims: { R: 1, P: 100, K: 100 } },
    { dims: { R: 2, P: 65, K: 10 }, without: ['bias'] },
    { dims: { R: 25, P: 65, K: 100 } },
    { dims: { R: 32, P: 64, K: 48 }, without: ['bias'] },
    { dims: { R: 67, P: 33, K: 35 } },
    { dims: { R: 1030, P: 6, K: 5 } },
    { dims: { R: 70, P: 1465, K: 64 }, thorough: true },
    { dims: { R: 1120, P: 1465, K: 256 }, thorough: true },
  ],
});
