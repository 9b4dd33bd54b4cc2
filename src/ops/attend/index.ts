import { defineOp, input, output, saved, scratch } from '../../plan/op.js';
import { attentionTensors, SCORE_PARTS } from './contract.js';

export const attend = defineOp({
  name: 'attend',
  about:
    'Additive attention of one step: weights = softmax(weight_score·tanh(weight_query·state + keys)) over ' +
    'the first lengths[n] positions, context = Σ_s weights_s·values[s].',
  tensors: {
    state: input(['N', 'H']),
    ...attentionTensors,
    values: input(['S', 'N', 'C'], { about: 'what is averaged: the source, or a projection of it' }),
    lengths: input(['N'], {
      dtype: 'u32',
      optional: true,
      about: 'source positions of each row, 1 to S. Default: S',
    }),
    context: output(['N', 'C']),
    attention: output(['N', 'S'], { about: 'the weights; 0 for positions from lengths[n] on' }),
    trace: saved(['2N*A+2N*S'], {
      about:
        'gradient of the queries [N,A], the queries [N,A], gradient of the scores [N,S], the weights [N,S]',
    }),
    row_scores: scratch([`${SCORE_PARTS}N`, 'A'], {
      about: "each row's part of the gradient of weight_score",
    }),
  },
  attributes: {
    /** `split` shares sums between invocations on a GPU. Tests compare it with `simple`. */
    variant: 'split',
  },
  accumulates: ['dweight_query', 'dkeys', 'dweight_score', 'dvalues'],
  backward: true,
  load: () => import('./implementation.js'),
});
