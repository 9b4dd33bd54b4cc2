import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { WORKGROUP } from '../lib/elementwise.js';
import {
  gradientsName,
  keyName,
  maskedName,
  planBegin,
  planFinish,
  planWeightGradient,
  stateLaunch,
} from '../recurrent/plan.js';
import { planSteps } from '../recurrent/steps.js';
import * as before from './before.js';
import { planInitial } from './initial.js';
import * as kernels from './kernels.js';

/** A launch for the initial state, one for each time step, and one for the final state. */
export const planForward: Planner = (request) => {
  if (request.attributes.reset === 'before') return before.planForward(request);
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors: maskedName(request),
    products: 3,
    gates: 3,
    phase: 'forward',
  });
  return [planBegin(request, 'h'), ...steps, planFinish(request, 'h')];
};

/** A launch for each time step in the opposite order, then those of `planAfterBackward`. */
export const planBackward: Planner = (request) => {
  if (request.attributes.reset === 'before') return before.planBackward(request);
  const da = gradientsName(request);
  const plan = {
    kernelOf: kernels.backward,
    tensors: { da, dhn: undefined },
    windowTensors: { da },
    products: 1,
    gates: 3,
    phase: 'backward',
    constants: { LAST: false },
  } as const;
  const [first, ...steps] = planSteps(request, plan);
  // A launch of all steps includes the last one.
  const last = first.constants.WHOLE_WINDOW === true ? first : lastStep(request, first, da);
  return [last, ...steps, ...planAfterBackward(request)];
};

/** The launches after the last backward step: gradients of initial states, weights and biases. */
export function planAfterBackward(request: PlanRequest): Launch[] {
  return [...planInitial(request, 'recurrent', 3), ...planWeightGradient(request, 3, 'recurrent', 'h')];
}

/**
 * Returns the launch of the step that forward took last. It has no product, and an invocation for every
 * four units of a batch row.
 */
function lastStep(request: PlanRequest, step: Launch, da: string): Launch {
  const { N, H } = request.dims;
  const FOURS = Math.ceil(H / 4);
  const grid = lineGrid(N * FOURS, WORKGROUP);
  const tensors = { da, ...keyName(request.attributes.dropout !== 0) };
  const launch = stateLaunch(kernels.backwardLast, request, tensors, { LAST: true, FOURS });
  // All variants of the other steps have this launch, so it has no choice.
  return {
    ...launch,
    uniforms: step.uniforms ?? {},
    constants: { ...launch.constants, GRID_X: grid[0] },
    grid,
  };
}
