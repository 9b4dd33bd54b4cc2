import type { Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { withOperands } from '../lib/operands.js';
import { initialGradients } from '../recurrent/plan.js';
import { backwardInitial } from './kernels.js';

/**
 * Returns the launches for the gradients of the initial states.
 * @param gradients name of the tensor [T,N,3H] with the gradients of the recurrent sums
 * @param gates number of its blocks of H columns that are multiplied by weight_hh
 */
export function planInitial(request: PlanRequest, gradients: string, gates: 2 | 3): Launch[] {
  const launches = initialGradients(request, withOperands(backwardInitial, request.target.half), {
    s: gradients,
  });
  return launches.map((launch) => ({
    ...launch,
    constants: { ...launch.constants, INNER: gates * request.dims.H },
  }));
}
