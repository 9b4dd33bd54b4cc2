import { defineOp, input, output } from '../../plan/op.js';

export const lastSteps = defineOp({
  name: 'last_steps',
  about: 'The last step of every sequence: y[n] = x[lengths[n]−1,n], or x[T−1,n] without lengths.',
  tensors: {
    x: input(['T', 'N', 'C']),
    lengths: input(['N'], { dtype: 'u32', optional: true, about: 'time steps of each row, 1 to T' }),
    y: output(['N', 'C']),
  },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
