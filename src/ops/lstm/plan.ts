import type { Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { withOperands } from '../lib/operands.js';
import { planBackwardBegin } from '../recurrent/backward-begin.js';
import {
  gradientsName,
  initialGradients,
  maskedName,
  planBegin,
  planFinish,
  planWeightGradient,
} from '../recurrent/plan.js';
import { planSteps } from '../recurrent/steps.js';
import * as kernels from './kernels.js';

/** A launch for the initial states, one for each time step, and one for the final states. */
export const planForward: Planner = (request) => {
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors: maskedName(request),
    products: 4,
    gates: 4,
    phase: 'forward',
  });
  return [planBegin(request, 'states'), ...steps, planFinish(request, 'states')];
};

/**
 * A launch for each time step in the opposite order, then those of `planAfterBackward`. Gradients of
 * the final states need a launch before them, because a step cannot bind more buffers.
 */
export const planBackward: Planner = (request) => {
  const begin = planBeforeBackward(request);
  return [
    ...begin,
    ...planSteps(request, {
      kernelOf: kernels.backward,
      tensors: { da: gradientsName(request) },
      products: 1,
      gates: 4,
      phase: 'backward',
      constants: { FINAL: begin.length > 0 },
    }),
    ...planAfterBackward(request),
  ];
};

/** The launch before the first backward step if the final states have gradients, else none. */
export function planBeforeBackward(request: PlanRequest): Launch[] {
  return planBackwardBegin(request, { gradients: gradientsName(request), gates: 4, cell: true });
}

/** The launches after the last backward step: gradients of initial states, weights and biases. */
export function planAfterBackward(request: PlanRequest): Launch[] {
  const da = gradientsName(request);
  return [
    ...initialGradients(request, withOperands(kernels.backwardInitial, request.target.half), { da }),
    ...planWeightGradient(request, 4, da, 'states'),
  ];
}
