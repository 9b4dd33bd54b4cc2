import { defineOp, input, output } from '../../plan/op.js';

const x = input(['R', 'V'], { differentiable: false });

export const topK = defineOp({
  name: 'top_k',
  about:
    'The K largest elements of each row and their columns, the largest first. Of equal elements the ' +
    'first column comes first; NaN comes last.',
  tensors: {
    x,
    values: output(['R', 'K'], { differentiable: false }),
    ids: output(['R', 'K'], { dtype: 'u32' }),
  },
  attributes: {},
  load: async () => (await import('./implementation.js')).topK,
});

export const argmax = defineOp({
  name: 'argmax',
  about:
    'The column of the largest element of each row, the first of equal ones. NaN counts as the smallest.',
  tensors: { x, ids: output(['R'], { dtype: 'u32' }) },
  attributes: {},
  load: async () => (await import('./implementation.js')).argmax,
});
