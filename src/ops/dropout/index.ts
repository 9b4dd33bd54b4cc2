import { defineOp, input, output } from '../../plan/op.js';

export const dropout = defineOp({
  name: 'dropout',
  about:
    'Drops elements at random and scales the others, so that the mean is kept: y = mask ⊙ x, where mask ' +
    'is 0 or 1/(1 − rate) by the random bits of (seed, site, element, step).',
  tensors: {
    x: input(['E']),
    key: input(['2'], { dtype: 'u32', about: '(seed, step): the same key gives the same mask' }),
    y: output(['E']),
  },
  attributes: { rate: 0.5, site: 0, recurrent: false },
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
