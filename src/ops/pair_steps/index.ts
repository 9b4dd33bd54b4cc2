import { defineOp, input, output } from '../../plan/op.js';
import { planBackward, planForward } from './plan.js';
import * as reference from './reference.js';

export const pairSteps = defineOp({
  name: 'pair_steps',
  about:
    'Joins two neighbouring steps of a sequence: y[s,n] = (x[2s,n], x[2s+1,n]), with S = ⌈T/2⌉; an odd ' +
    'end is joined with zeros.',
  tensors: { x: input(['T', 'N', 'C']), y: output(['S', 'N', '2C']) },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: { forward: planForward, backward: planBackward },
  cases: [
    { dims: { T: 1, N: 1, C: 1, S: 1 } },
    { dims: { T: 5, N: 3, C: 7, S: 3 } },
    { dims: { T: 6, N: 2, C: 8, S: 3 } },
    { dims: { T: 201, N: 16, C: 512, S: 101 }, thorough: true },
  ],
});
