import { defineOp, input, output, weight } from '../../plan/op.js';

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
  backward: true,
  load: () => import('./implementation.js'),
});
