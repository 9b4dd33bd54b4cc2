import type { OpChains, Planner } from '../../plan/op.js';
import {
  initialGradients,
  maskedName,
  planBegin,
  planFinish,
  planWeightGradient,
} from '../recurrent/plan.js';
import { planSteps } from '../recurrent/steps.js';
import * as kernels from './kernels.js';

/** One launch for the initial state, one per time step, one for the final state. */
export const planForward: Planner = (request) => {
  const constants = { RELU: request.attributes.nonlinearity === 'relu' };
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors: maskedName(request),
    products: 1,
    gates: 1,
    phase: 'forward',
    constants,
  });
  return [planBegin(request, 'h'), ...steps, planFinish(request, 'h')];
};

/**
 * One launch per time step, the other way; then one product for dW_hh with db_hh in its epilogue.
 */
export const planBackward: Planner = (request) => {
  const constants = { RELU: request.attributes.nonlinearity === 'relu' };
  const da = request.has('dprojected') ? 'dprojected' : 'da';
  return [
    ...planSteps(request, {
      kernelOf: kernels.backward,
      tensors: { da },
      products: 1,
      gates: 1,
      phase: 'backward',
      constants,
    }),
    ...initialGradients(request, kernels.backwardInitial, { da }),
    ...planWeightGradient(request, 1, da, 'h'),
  ];
};

/** Layers of a stack, a diagonal at a time. Loaded only to plan for a GPU. */
export async function chains(): Promise<OpChains> {
  const { diagonalForward } = await import('../recurrent/diagonal.js');
  return {
    forward: diagonalForward({
      ...kernels.diagonal,
      gates: 1,
      elements: ({ T, N, H }) => ({ h: (T + 1) * N * H }),
      constants: ({ attributes }) => ({ RELU: attributes.nonlinearity === 'relu' }),
    }),
  };
}
