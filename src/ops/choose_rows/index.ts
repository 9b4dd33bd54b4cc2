import { defineOp, input, output } from '../../plan/op.js';

export const chooseRows = defineOp({
  name: 'choose_rows',
  about:
    'Steps of sequences that still go on from one tensor, the others from another: y[s,n] = a[s,n] where ' +
    't + s < lengths[n], else b[s,n], or 0 without b. One step t, or all T from t = 0 on.',
  tensors: {
    a: input(['T*N', 'C']),
    b: input(['T*N', 'C'], { optional: true }),
    lengths: input(['N'], { dtype: 'u32', about: 'time steps of each row' }),
    y: output(['T*N', 'C']),
  },
  attributes: { t: 0 },
  accumulates: ['da', 'db'],
  backward: true,
  load: () => import('./implementation.js'),
});
