import type { Constants, Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/planner.js';
import { withOperands } from '../lib/operands.js';
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

/** Constants of every step. */
export const stepConstants = ({ attributes }: PlanRequest): Constants => ({
  RELU: attributes.nonlinearity === 'relu',
});

/** A launch for the initial state, one for each time step, and one for the final state. */
export const planForward: Planner = (request) => {
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors: maskedName(request),
    products: 1,
    gates: 1,
    phase: 'forward',
    constants: stepConstants(request),
  });
  return [planBegin(request, 'h'), ...steps, planFinish(request, 'h')];
};

/** A launch for each time step in the opposite order, then those of `planAfterBackward`. */
export const planBackward: Planner = (request) => [
  ...planSteps(request, {
    kernelOf: kernels.backward,
    tensors: { da: gradientsName(request) },
    products: 1,
    gates: 1,
    phase: 'backward',
    constants: stepConstants(request),
  }),
  ...planAfterBackward(request),
];

/** The launches after the last backward step: gradients of initial states, weights and biases. */
export function planAfterBackward(request: PlanRequest): Launch[] {
  const da = gradientsName(request);
  return [
    ...initialGradients(request, withOperands(kernels.backwardInitial, request.target.half), { da }),
    ...planWeightGradient(request, 1, da, 'h'),
  ];
}
