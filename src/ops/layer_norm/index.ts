import { defineOp, input, output, saved, weight } from '../../plan/op.js';

export const layerNorm = defineOp({
  name: 'layer_norm',
  about:
    'Layer normalization: y = (x − mean)/√(variance + eps) ⊙ weight + bias, with the mean and the ' +
    'variance of each row.',
  tensors: {
    x: input(['R', 'C']),
    weight: weight(['C'], { optional: true }),
    bias: weight(['C'], { optional: true }),
    y: output(['R', 'C']),
    statistics: saved(['R', '2'], { about: 'mean and 1/√(variance + eps) of each row' }),
  },
  attributes: { eps: 1e-5 },
  accumulates: ['dx', 'dweight', 'dbias'],
  backward: true,
  load: () => import('./implementation.js'),
});
