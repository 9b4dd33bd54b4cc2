import { defineOp, input, output } from '../../plan/op.js';

export const maskedSoftmax = defineOp({
  name: 'masked_softmax',
  about:
    'Softmax over the first lengths[n] positions of each row, and 0 in the others: attention weights ' +
    'over a source with padding.',
  tensors: {
    x: input(['T', 'N', 'S']),
    lengths: input(['N'], {
      dtype: 'u32',
      optional: true,
      about: 'positions of each batch row, 1 to S. Default: S',
    }),
    y: output(['T', 'N', 'S']),
  },
  attributes: {},
  backward: true,
  load: () => import('./implementation.js'),
});
