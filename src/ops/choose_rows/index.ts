import { defineOp, input, output } from '../../plan/op.js';

export const chooseRows = defineOp({
  name: 'choose_rows',
  about:
    'Takes unfinished sequences from one tensor and finished ones from another: y[s,n] = a[s,n] where ' +
    't + s < lengths[n], else b[s,n], or 0 without b. One step t, or all T steps from t = 0.',
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
