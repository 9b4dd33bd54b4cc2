import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import {
  attendBackward,
  attendForward,
  attentionGradients,
  attentionWeights,
  beginBackward,
  type AttentionPlan,
} from './plan.js';

/** Treats the single step as a window of one step. */
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

export * as native from './native.js';
export * as reference from './reference.js';

export const halves: Halves = 'inside';

export const plan: Planners = {
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
};

export const cases: readonly OpCase[] = [
  { dims: { N: 1, S: 1, A: 1, H: 1, C: 1 }, fill: { lengths: { values: [1] } } },
  { dims: { N: 3, S: 5, A: 4, H: 6, C: 7 }, fill: { lengths: { values: [5, 1, 3] } } },
  { dims: { N: 3, S: 5, A: 4, H: 6, C: 7 }, without: ['lengths'], attributes: { variant: 'simple' } },
  { dims: { N: 3, S: 6, A: 8, H: 12, C: 4 }, fill: { lengths: { values: [6, 2] } } },
  { dims: { N: 5, S: 19, A: 33, H: 20, C: 37 }, fill: { lengths: { values: [7, 19, 17] } } },
  // Scores of about 110: exp overflows unless the largest is subtracted first. Each is a sum of 40
  // terms of about 3, and its rounding error reaches the weights: hence the tolerance.
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
];
