import type { Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/op.js';
import { initialGradients } from '../recurrent/plan.js';
import { backwardInitial } from './kernels.js';

/**
 * Gradients of what the window started from.
 * @param gradients tensor [T,N,3H] of the recurrent product's rows
 * @param gates blocks of H columns of them that flow into the state by way of weight_hh
 */
export function planInitial(request: PlanRequest, gradients: string, gates: 2 | 3): Launch[] {
  const launches = initialGradients(request, backwardInitial, { s: gradients });
  return launches.map((launch) => ({
    ...launch,
    constants: { ...launch.constants, INNER: gates * request.dims.H },
  }));
}
