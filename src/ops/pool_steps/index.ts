import { defineOp, input, output, saved } from '../../plan/op.js';

const tensors = {
  x: input(['T', 'N', 'C']),
  lengths: input(['N'], { dtype: 'u32', optional: true, about: 'steps of each row, 1 to T. Default: T' }),
  y: output(['N', 'C']),
};

export const meanSteps = defineOp({
  name: 'mean_steps',
  about: "Mean over each row's own steps: y[n] = Σ_{t < lengths[n]} x[t,n] / lengths[n].",
  tensors,
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: async () => (await import('./implementation.js')).mean,
});

export const maxSteps = defineOp({
  name: 'max_steps',
  about: "Largest of each row's own steps, column by column: y[n,c] = max_{t < lengths[n]} x[t,n,c].",
  tensors: {
    ...tensors,
    place: saved(['N', 'C'], { dtype: 'u32', about: 'the first step with the largest value' }),
  },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: async () => (await import('./implementation.js')).max,
});
