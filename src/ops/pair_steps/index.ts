import { defineOp, input, output } from '../../plan/op.js';

export const pairSteps = defineOp({
  name: 'pair_steps',
  about:
    'Joins neighbouring steps of a sequence in pairs: y[s,n] = (x[2s,n], x[2s+1,n]), with S = ⌈T/2⌉; ' +
    'with odd T the last step is joined with zeros.',
  tensors: { x: input(['T', 'N', 'C']), y: output(['S', 'N', '2C']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
