import { lineGrid, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { planBatchedProduct } from '../batched_matmul/product.js';
import { SCORE_PARTS } from './contract.js';
import { launchFill } from '../fill/implementation.js';
import { withOperands } from '../lib/operands.js';
import { lineLaunch } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { planColumnSums, planProduct } from '../matmul/product.js';
import { present, type Names } from '../recurrent/plan.js';
import { rulesOf } from '../lib/rules.js';
import * as kernels from './kernels.js';

/** Additive attention over a window of T steps: its sizes, and the names of its tensors in the op. */
export interface AttentionPlan {
  readonly T: number;
  readonly N: number;
  readonly S: number;
  readonly A: number;
  readonly H: number;
  /** Width of the values and of the context. */
  readonly C: number;
  /** Tensor whose block t is the state before step t: [N,H], or [T+1,N,H] and more. */
  readonly states: string;
  /** Lengths of the sources. */
  readonly lengths: string;
  /** Tensor with each row's number of steps, where rows have padding. */
  readonly steps?: string;
  /** [T,N,C] */
  readonly context: string;
  readonly dcontext: string;
  /** [N,H], or [T+1,N,H] in a loop: see shaders/attend/backward.wgsl. */
  readonly dstate: string;
  /** Adds contexts and gradients of states to what their tensors hold, instead of overwriting it. */
  readonly inLoop: boolean;
}

/**
 * Offsets of the parts of `trace`, which starts with the gradient of the queries
 * (shaders/attend/shared.wgsl).
 */
function placesInTrace({ T, N, S, A }: AttentionPlan): Constants {
  const [queries, scores] = [T * N * A, T * N * S];
  return { QUERIES: queries, DSCORES: 2 * queries, WEIGHTS: 2 * queries + scores };
}

/**
 * How many invocations share a row's sums: sixteen on a GPU; one on a software adapter, where
 * barriers cost more than idle lanes.
 */
function lanesOf({ target, attributes }: PlanRequest): Constants {
  const alone = !rulesOf(target).sharesWork || attributes.variant === 'simple';
  return alone ? { LANES: 1, SPLIT: false, WORKGROUP: 4 } : { LANES: 16, SPLIT: true, WORKGROUP: 256 };
}

function stepLaunch(
  request: PlanRequest,
  plan: AttentionPlan,
  kernelOf: typeof kernels.forward,
  names: Names,
  t: number,
  own: Constants,
): Launch {
  const { T, N, S, A, H, C } = plan;
  const { type, VEC4 } = rowValues(H, A, C);
  const kernel = withOperands(kernelOf(type), request.target.half);
  const grid = lineGrid(N, 1);
  return {
    kernel,
    constants: {
      ...{ T, N, S, A, H, C, VEC4 },
      ...placesInTrace(plan),
      ...own,
      ...lanesOf(request),
      GRID_X: grid[0],
    },
    tensors: present(kernel, request, { ...names, lengths: plan.lengths }),
    uniforms: { t },
    grid,
  };
}

/** The launch that attends at step t. */
export function attendForward(request: PlanRequest, plan: AttentionPlan, t: number): Launch {
  const names = { states: plan.states, context: plan.context };
  return stepLaunch(request, plan, kernels.forward, names, t, { ADD_CONTEXT: plan.inLoop });
}

/** The launch that goes back through step t. Gradients that sum over all steps come later. */
export function attendBackward(request: PlanRequest, plan: AttentionPlan, t: number): Launch {
  const names = { dcontext: plan.dcontext, dstate: plan.dstate };
  const constants = { ADD_WEIGHTS: request.has('dattention'), IN_LOOP: plan.inLoop };
  return stepLaunch(request, plan, kernels.backward, names, t, constants);
}

/** An invocation for each of `count` elements. */
function elementLaunch(
  request: PlanRequest,
  plan: AttentionPlan,
  kernel: Kernel,
  names: Names,
  count: number,
  own: Constants = {},
): Launch {
  const { T, N, S, A, H, C } = plan;
  const constants = { ...{ T, N, S, A, H, C }, ...placesInTrace(plan), ...own };
  return { ...lineLaunch(kernel, count, constants), tensors: present(kernel, request, names) };
}

/** Copies the weights of all steps from `trace` to the output, after the last step. */
export function attentionWeights(request: PlanRequest, plan: AttentionPlan): Launch {
  const names = { steps: plan.steps };
  return elementLaunch(request, plan, kernels.weights, names, plan.T * plan.N * plan.S);
}

/** Copies the gradients of outputs to where the backward steps add to them. */
export function beginBackward(request: PlanRequest, plan: AttentionPlan): Launch {
  const { T, N, S, H } = plan;
  const onlyStates = request.has('dattention') ? {} : { steps: undefined, trace: undefined };
  const names = { steps: plan.steps, dstate: plan.inLoop ? plan.dstate : undefined, ...onlyStates };
  return elementLaunch(request, plan, kernels.beginBackward, names, N * Math.max(T * S, (T + 1) * H));
}

/** Copies `projected` to the tensor to which the loop adds its contexts. */
export function copyInputs(request: PlanRequest, plan: AttentionPlan): Launch {
  return elementLaunch(request, plan, kernels.copyInputs, {}, plan.T * plan.N * plan.C);
}

/** Adds the gradient that attention at the first step passes to the initial state. */
export function addInitialGradient(request: PlanRequest, plan: AttentionPlan): Launch {
  return elementLaunch(request, plan, kernels.addInitial, {}, plan.N * plan.H);
}

/** Gradients of the keys, and each row's part of the gradient of weight_score. */
function keyGradients(request: PlanRequest, plan: AttentionPlan): Launch {
  const { type, VEC4, COLUMNS } = rowValues(plan.A);
  const constants = { VEC4, PARTS: SCORE_PARTS, ADD_DKEYS: request.accumulate.includes('dkeys') };
  const count = SCORE_PARTS * plan.N * COLUMNS;
  const kernel = withOperands(kernels.keyGradients(type), request.target.half);
  return elementLaunch(request, plan, kernel, {}, count, constants);
}

/** Gradients of the keys and the weights, each summed over all steps in one launch. */
export function attentionGradients(request: PlanRequest, plan: AttentionPlan): Launch[] {
  const { has, accumulate, target } = request;
  const { T, N, A, H } = plan;
  const adds = (name: string): boolean => accumulate.includes(name);
  return [
    ...(has('dweight_query')
      ? planProduct({
          layout: 'TN',
          M: A,
          P: H,
          K: T * N,
          a: 'trace', // starts with the gradients of the queries
          b: plan.states,
          c: 'dweight_query',
          accumulate: adds('dweight_query'),
          target,
        })
      : []),
    ...(has('dkeys') || has('dweight_score') ? [keyGradients(request, plan)] : []),
    ...(has('dweight_score')
      ? planColumnSums({ M: A, K: SCORE_PARTS * N }, 'row_scores', 'dweight_score', adds('dweight_score'))
      : []),
    ...(has('dvalues') ? valueGradients(request, plan) : []),
  ];
}

/** dvalues = Σ_t weights ⊗ dcontext; zero where no op reads the context. */
function valueGradients({ has, accumulate, target }: PlanRequest, plan: AttentionPlan): Launch[] {
  const { T, N, S, C } = plan;
  const adds = accumulate.includes('dvalues');
  if (!has(plan.dcontext)) return adds ? [] : [launchFill('dvalues', S * N * C, 0)];
  return planBatchedProduct({
    ...{ layout: 'tn', B: 1, N, M: S, P: C, K: T },
    ...{ a: 'attention', b: plan.dcontext, c: 'dvalues' },
    accumulate: adds,
    target,
  });
}
