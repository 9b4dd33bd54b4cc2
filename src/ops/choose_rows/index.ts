import { defineOp, input, output } from '../../plan/op.js';

export const chooseRows = defineOp({
  name: 'choose_rows',
  about:
    'Rows of sequences that still go on at step t from one tensor, the others from another: y[n] = ' +
    'a[n] where t < lengths[n], else b[n], or 0 without b.',
  tensors: {
    a: input(['N', 'C']),
    b: input(['N', 'C'], { optional: true }),
    lengths: input(['N'], { dtype: 'u32', about: 'time steps of each row' }),
    y: output(['N', 'C']),
  },
  attributes: { t: 0 },
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
