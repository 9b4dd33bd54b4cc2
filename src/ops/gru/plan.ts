import { lineGrid, type Launch } from '../../plan/kernel.js';
import type { Planner, PlanRequest } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
import {
  masksState,
  named,
  planBegin,
  planFinish,
  planSteps,
  planWeightGradient,
  stateLaunch,
} from '../recurrent/plan.js';
import * as before from './before.js';
import { planInitial } from './initial.js';
import * as kernels from './kernels.js';

/** One launch for the initial state, one per time step, one for the final state. */
export const planForward: Planner = (request) => {
  if (request.attributes.reset === 'before') return before.planForward(request);
  const tensors = named([
    'projected',
    'weight_hh',
    'bias_hh',
    'h',
    'gates',
    'y',
    ...(masksState(request) ? ['masked'] : []),
  ]);
  const steps = planSteps(request, {
    kernelOf: kernels.forward,
    tensors,
    products: 3,
    gates: 3,
    phase: 'forward',
  });
  return [planBegin(request, 'h'), ...steps, planFinish(request, 'h')];
};

/**
 * One launch per time step, the other way; then one product for dW_hh with db_hh in its epilogue.
 */
export const planBackward: Planner = (request) => {
  if (request.attributes.reset === 'before') return before.planBackward(request);
  const da = request.has('dprojected') ? 'dprojected' : 'da';
  const tensors = { ...named(['h', 'gates', 'dy', 'recurrent', 'dh']), da };
  const plan = {
    kernelOf: kernels.backward,
    tensors: { ...tensors, weight_hh: 'weight_hh' },
    products: 1,
    gates: 3,
    phase: 'backward',
    constants: { LAST: false },
  } as const;
  const [last, ...steps] = planSteps(request, plan);
  return [
    lastStep(request, last, { ...tensors, dhn: 'dhn' }),
    ...steps,
    ...planInitial(request, 'recurrent', 3),
    ...planWeightGradient(request, 3, 'recurrent', 'h'),
  ];
};

/**
 * The step that forward took last, with nothing but its own gradients: an invocation for every four
 * units of a batch row.
 */
function lastStep(request: PlanRequest, step: Launch, tensors: Readonly<Record<string, string>>): Launch {
  const { N, H } = request.dims;
  const FOURS = Math.ceil(H / 4);
  const grid = lineGrid(N * FOURS, WORKGROUP);
  const window = { lengths: 'lengths', ...(request.attributes.dropout === 0 ? {} : { key: 'key' }) };
  const launch = stateLaunch(kernels.backwardLast, request, { ...tensors, ...window }, { LAST: true, FOURS });
  return {
    ...step,
    kernel: launch.kernel,
    constants: { ...launch.constants, GRID_X: grid[0] },
    tensors: launch.tensors,
    grid,
  };
}
