import { defineOp, input, output, scratch, weight } from '../../plan/op.js';
import { BIAS_PARTS } from './contract.js';

export const gather = defineOp({
  name: 'gather',
  about:
    'Rows of a weight by id: y[r] = weight[ids[r]] + bias, which equals a product with one-hot rows. ' +
    'An id of V or more is the unknown symbol: a row of zeros plus bias.',
  tensors: {
    ids: input(['R'], { dtype: 'u32', about: 'row of weight for each row of y' }),
    weight: weight(['V', 'C']),
    bias: weight(['C'], { optional: true }),
    y: output(['R', 'C']),
    order: scratch(['R'], { dtype: 'u32', about: 'backward: rows of y, sorted by id' }),
    ends: scratch(['V'], { dtype: 'u32', about: 'backward: where in order the rows of each id end' }),
    parts: scratch([`${BIAS_PARTS}`, 'C'], { about: 'backward: partial sums of dbias' }),
  },
  attributes: {},
  accumulates: ['dweight', 'dbias'],
  backward: true,
  load: () => import('./implementation.js'),
});
