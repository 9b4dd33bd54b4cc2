import { defineOp, inout, input, output } from '../../plan/op.js';

export const forceIds = defineOp({
  name: 'force_ids',
  about:
    'Replaces the ids of rows whose next symbol is given, such as that of a prefix: id = forced, ' +
    'unless forced is 2³²−1.',
  tensors: {
    forced: input(['R'], { dtype: 'u32', about: 'id for each row, or 2³²−1 to keep its own' }),
    id: inout(['R'], { dtype: 'u32', about: 'ids that the next step reads' }),
    chosen: output(['R'], { dtype: 'u32', about: 'the same ids, for the report' }),
  },
  attributes: {},
  load: () => import('./implementation.js'),
});
