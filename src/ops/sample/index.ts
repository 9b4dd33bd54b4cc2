import { defineOp, inout, input, output } from '../../plan/op.js';

export const sample = defineOp({
  name: 'sample',
  about:
    'Chooses the next symbol of every row from its logits: greedy at temperature 0, else p ∝ ' +
    'exp(logits/temperature) over the k largest (all with k = 0).',
  tensors: {
    logits: input(['R', 'V'], { differentiable: false }),
    control: input(['4'], { dtype: 'u32', about: 'forced id or 2³²−1 for none, counter, seed, k' }),
    temperature: input(['1'], { differentiable: false }),
    id: inout(['R'], { dtype: 'u32', about: 'ids that the next step reads' }),
    chosen: output(['R'], { dtype: 'u32', about: 'the same ids, for the report' }),
  },
  attributes: {},
  load: () => import('./implementation.js'),
});
