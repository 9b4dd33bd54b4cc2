import type { OpChains, Planner } from '../../plan/op.js';
import {
  initialGradients,
  maskedName,
  planBegin,
  planFinish,
  planWeightGradient,
  stateLaunch,
} from '../recurrent/plan.js';
import { planSteps } from '../recurrent/steps.js';
import * as kernels from './kernels.js';

/** One launch for the initial states, one per time step, one for the final states. */
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
 * One launch per time step, the other way; then one product for dW_hh with db_hh in its epilogue.
 * Gradients of the final states cost a launch before them: a step has no bindings to spare.
 */
export const planBackward: Planner = (request) => {
  const { has } = request;
  const da = has('dprojected') ? 'dprojected' : 'da';
  const FINAL = has('dhn') || has('dcn');
  return [
    ...(FINAL ? [stateLaunch(kernels.backwardBegin, request, { da, key: undefined })] : []),
    ...planSteps(request, {
      kernelOf: kernels.backward,
      tensors: { da },
      products: 1,
      gates: 4,
      phase: 'backward',
      constants: { FINAL },
    }),
    ...initialGradients(request, kernels.backwardInitial, { da }),
    ...planWeightGradient(request, 4, da, 'states'),
  ];
};

/** Layers of a stack, a diagonal at a time. Loaded only to plan for a GPU. */
export async function chains(): Promise<OpChains> {
  const { diagonalForward } = await import('../recurrent/diagonal.js');
  return {
    forward: diagonalForward({
      ...kernels.diagonal,
      gates: 4,
      elements: ({ T, N, H }) => ({ states: (2 * T + 2) * N * H, gates: 4 * T * N * H }),
    }),
  };
}
