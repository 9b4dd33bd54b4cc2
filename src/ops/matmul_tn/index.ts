import { defineOp, input, output } from '../../plan/op.js';

export const matmulTn = defineOp({
  name: 'matmul_tn',
  about: 'Product of a transposed matrix with another: c = aᵀ·b.',
  tensors: { a: input(['K', 'M']), b: input(['K', 'P']), c: output(['M', 'P']) },
  attributes: {},
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
