import { defineOp, inout, input, output } from '../../plan/op.js';

export const forceIds = defineOp({
  name: 'force_ids',
  about:
    'Replaces the ids of rows that must go on with a given one, such as that of a prefix: id = forced, ' +
    'unless forced is 2³²−1.',
  tensors: {
    forced: input(['R'], { dtype: 'u32', about: 'id for each row, or 2³²−1 to leave its own' }),
    id: inout(['R'], { dtype: 'u32', about: 'what the next step reads' }),
    chosen: output(['R'], { dtype: 'u32', about: 'the same, for the report' }),
  },
  attributes: {},
  load: () => import('./implementation.js'),
});
