import { defineOp, input, output, scratch, weight } from '../../plan/op.js';
import { BIAS_PARTS } from './kernels.js';
import { planBackward, planForward } from './plan.js';
import * as native from './native.js';
import * as reference from './reference.js';

export const gather = defineOp({
  name: 'gather',
  about:
    'Rows of a weight by id: y[r] = weight[ids[r]] + bias. It is what a product with one-hot rows ' +
    'gives. An id from V on is the unknown symbol: a row of zeros plus bias.',
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
  reference,
  plan: { forward: planForward, backward: planBackward },
  native,
  cases: [
    { dims: { R: 1, V: 1, C: 1 } },
    { dims: { R: 3, V: 2, C: 4 }, fill: { ids: { values: [1, 1, 1] } }, without: ['bias'] },
    // Ids 5 and up are unknown.
    { dims: { R: 37, V: 5, C: 7 }, fill: { ids: { below: 8 } } },
    { dims: { R: 67, V: 131, C: 20 }, fill: { ids: { below: 131 } }, without: ['bias'] },
    { dims: { R: 25, V: 65, C: 100 }, fill: { ids: { below: 65 } } },
    { dims: { R: 331, V: 40, C: 36 }, fill: { ids: { below: 41 } } },
    { dims: { R: 2049, V: 9, C: 5 }, fill: { ids: { below: 9 } } },
    { dims: { R: 1120, V: 1465, C: 256 }, fill: { ids: { below: 1465 } }, thorough: true },
    { dims: { R: 12800, V: 3000, C: 128 }, fill: { ids: { below: 3001 } }, thorough: true },
  ],
});
