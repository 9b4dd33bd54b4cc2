import { defineOp, input, output, saved, scratch, weight, type PlanRequest } from '../../plan/op.js';
import {
  attendBackward,
  attendForward,
  attentionGradients,
  attentionWeights,
  beginBackward,
  SCORE_PARTS,
  type AttentionPlan,
} from './plan.js';
import * as native from './native.js';
import * as reference from './reference.js';

/** What attention reads besides the states. */
export const attentionTensors = {
  weight_query: weight(['A', 'H']),
  keys: input(['S', 'N', 'A'], { about: 'the source, projected once: weight_key·memory[s,n]' }),
  weight_score: weight(['1', 'A']),
} as const;

/** The step as a window of one. */
function planOf({ dims: { N, S, A, H, C } }: PlanRequest): AttentionPlan {
  return {
    ...{ T: 1, N, S, A, H, C },
    states: 'state',
    lengths: 'lengths',
    context: 'context',
    dcontext: 'dcontext',
    dstate: 'dstate',
    inLoop: false,
  };
}

export const attend = defineOp({
  name: 'attend',
  about:
    'Additive attention of one step: weights = softmax(weight_score·tanh(weight_query·state + keys)) over ' +
    'the first lengths[n] positions, context = Σ_s weights_s·values[s].',
  tensors: {
    state: input(['N', 'H']),
    ...attentionTensors,
    values: input(['S', 'N', 'C'], { about: 'what is averaged: the source itself, or a projection of it' }),
    lengths: input(['N'], {
      dtype: 'u32',
      optional: true,
      about: 'positions of each row, 1 to S. Default: S',
    }),
    context: output(['N', 'C']),
    attention: output(['N', 'S'], { about: 'the weights; 0 from lengths[n] on' }),
    trace: saved(['2N*A+2N*S'], {
      about:
        'gradient of the queries [N,A], the queries [N,A], gradient of the scores [N,S], the weights [N,S]',
    }),
    row_scores: scratch([`${SCORE_PARTS}N`, 'A'], {
      about: "each row's shares of the gradient of weight_score",
    }),
  },
  attributes: {
    /** `split` shares sums between invocations on a GPU; `simple` is what that is checked against. */
    variant: 'split',
  },
  accumulates: ['dweight_query', 'dkeys', 'dweight_score', 'dvalues'],
  reference,
  plan: {
    forward: (request) => {
      const plan = planOf(request);
      return [attendForward(request, plan, 0), attentionWeights(request, plan)];
    },
    backward: (request) => {
      const plan = planOf(request);
      return [
        ...(request.has('dattention') ? [beginBackward(request, plan)] : []),
        attendBackward(request, plan, 0),
        ...attentionGradients(request, plan),
      ];
    },
  },
  native,
  cases: [
    { dims: { N: 1, S: 1, A: 1, H: 1, C: 1 }, fill: { lengths: { values: [1] } } },
    { dims: { N: 3, S: 5, A: 4, H: 6, C: 7 }, fill: { lengths: { values: [5, 1, 3] } } },
    { dims: { N: 3, S: 5, A: 4, H: 6, C: 7 }, without: ['lengths'], attributes: { variant: 'simple' } },
    { dims: { N: 3, S: 6, A: 8, H: 12, C: 4 }, fill: { lengths: { values: [6, 2] } } },
    { dims: { N: 5, S: 19, A: 33, H: 20, C: 37 }, fill: { lengths: { values: [7, 19, 17] } } },
    // Scores of about 110: exp overflows unless the largest is subtracted. They are sums of 40 terms of
    // about 3, whose rounding goes into the weights.
    {
      dims: { N: 2, S: 9, A: 40, H: 12, C: 8 },
      fill: {
        keys: { scale: 0.5, shift: 2 },
        weight_query: { scale: 0.1 },
        weight_score: { scale: 0.3, shift: 3 },
        lengths: { values: [9, 4] },
      },
      tolerance: 1e-4,
    },
    {
      dims: { N: 32, S: 50, A: 256, H: 256, C: 512 },
      fill: {
        weight_query: { scale: 0.06 },
        weight_score: { scale: 0.1 },
        lengths: { values: [50, 11, 30] },
      },
      thorough: true,
    },
  ],
});
