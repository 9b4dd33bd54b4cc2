import { defineOp, input, output } from '../../plan/op.js';

export const halfLengths = defineOp({
  name: 'half_lengths',
  about: 'Lengths of sequences after `pair_steps` has joined their steps in pairs: y = ⌈x/2⌉.',
  tensors: { x: input(['N'], { dtype: 'u32' }), y: output(['N'], { dtype: 'u32' }) },
  attributes: {},
  load: () => import('./implementation.js'),
});
