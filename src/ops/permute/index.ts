import { defineOp, input, output } from '../../plan/op.js';

export const permute = defineOp({
  name: 'permute',
  about:
    'Exchanges two axes: y[b,p,m,c] = x[b,m,p,c]. Views name the axes: [T,N,C] to [N,T,C] is M = T, ' +
    'P = N; channels-first to channels-last is M = channels, P = places, C = 1.',
  tensors: { x: input(['B', 'M', 'P', 'C']), y: output(['B', 'P', 'M', 'C']) },
  attributes: {},
  accumulates: ['dx'],
  backward: true,
  load: () => import('./implementation.js'),
});
