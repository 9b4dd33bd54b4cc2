import type { Planner } from '../../plan/op.js';
import {
  initialGradients,
  masksState,
  named,
  planBegin,
  planFinish,
  planSteps,
  planWeightGradient,
} from '../recurrent/plan.js';
import * as kernels from './kernels.js';

/** One launch for the initial state, one per time step, one for the final state. */
export const planForward: Planner = (request) => {
  const constants = { RELU: request.attributes.nonlinearity === 'relu' };
  const tensors = named([
    'projected',
    'weight_hh',
    'bias_hh',
    'h',
    'y',
    ...(masksState(request) ? ['masked'] : []),
  ]);
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors,
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
  const tensors = { ...named(['weight_hh', 'h', 'dy', 'dhn', 'dh']), da };
  return [
    ...planSteps(request, {
      kernelOf: kernels.backward,
      tensors,
      products: 1,
      gates: 1,
      phase: 'backward',
      constants,
    }),
    ...initialGradients(request, kernels.backwardInitial, { ...named(['weight_hh']), da }),
    ...planWeightGradient(request, 1, da, 'h'),
  ];
};
