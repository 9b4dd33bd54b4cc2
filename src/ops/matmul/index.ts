import { defineOp, input, output, weight } from '../../plan/op.js';

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
  backward: true,
  load: () => import('./implementation.js'),
});
