import { dropoutStream, dropThreshold } from '../../core/dropout.js';
import { lineGrid, type Constants, type Kernel, type Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { WORKGROUP } from '../lib/elementwise.js';
import { planColumnSums, planProduct } from '../matmul/product.js';
import { begin, finish } from './kernels.js';

/** Kernel binding → tensor, if their names differ; undefined omits a binding. */
export type Names = Readonly<Record<string, string | undefined>>;

/**
 * Returns the tensors of all bindings of a kernel that several ops share: undefined for tensors that
 * the call does not have.
 */
export function present({ bindings }: Kernel, { has }: PlanRequest, tensors: Names): Names {
  return Object.fromEntries(
    Object.keys(bindings).map((binding) => {
      const name = binding in tensors ? tensors[binding] : binding;
      return [binding, name !== undefined && has(name) ? name : undefined];
    }),
  );
}

/** Whether the layer has recurrent dropout. If so, the operand of its product is `masked`. */
export function masksState({ attributes }: PlanRequest): boolean {
  return attributes.recurrentDropout !== 0;
}

/** Omits the binding `masked` without recurrent dropout. */
export function maskedName(request: PlanRequest): Names {
  return masksState(request) ? {} : { masked: undefined };
}

/** Constants for shaders/recurrent/window.wgsl and masks.wgsl. */
export function windowConstants({ dims: { T, N, H }, attributes }: PlanRequest): Constants {
  const { reverse, dropout, recurrentDropout, site } = attributes as {
    reverse: boolean;
    dropout: number;
    recurrentDropout: number;
    site: number;
  };
  const mask = (prefix: string, rate: number, recurrent: boolean): Constants =>
    rate === 0
      ? { [`${prefix}_DROP`]: 0 }
      : {
          [`${prefix}_DROP`]: dropThreshold(rate),
          [`${prefix}_SCALE`]: 1 / (1 - rate),
          [`${prefix}_STREAM`]: dropoutStream({ site, recurrent }),
        };
  return {
    T,
    N,
    H,
    REVERSE: reverse,
    WHOLE_WINDOW: false,
    ...mask('OUTPUT', dropout, false),
    ...mask('RECURRENT', recurrentDropout, true),
  };
}

/** Omits the binding `key` without dropout. */
export function keyName(drops: boolean): Names {
  return drops ? {} : { key: undefined };
}

/** Returns a launch with an invocation for each element of a state [N,H]. `VEC` is false. */
export function stateLaunch(
  kernel: Kernel,
  request: PlanRequest,
  tensors: Names,
  constants: Constants = {},
): Launch {
  const { N, H } = request.dims;
  const grid = lineGrid(N * H, WORKGROUP);
  return {
    kernel,
    constants: { ...windowConstants(request), VEC: false, ...constants, WORKGROUP, GRID_X: grid[0] },
    tensors: present(kernel, request, tensors),
    grid,
  };
}

/**
 * The tensor [T,N,G*H] that receives the gradients before the activations: `dprojected` if the call has
 * it, else a scratch tensor.
 */
export const gradientsName = ({ has }: PlanRequest): 'dprojected' | 'da' =>
  has('dprojected') ? 'dprojected' : 'da';

/** Returns the launch before the first forward step. `states` is the name of the tensor. */
export function planBegin(request: PlanRequest, states: string): Launch {
  const masks = { ...maskedName(request), ...keyName(masksState(request)) };
  return stateLaunch(begin, request, { states, lengths: undefined, ...masks });
}

/** Returns the launch after the last forward step. `states` is the name of the tensor. */
export function planFinish(request: PlanRequest, states: string): Launch {
  return stateLaunch(finish, request, { states });
}

/** Whether the layer has dropout of either kind. */
export function drops({ attributes: { dropout, recurrentDropout } }: PlanRequest): boolean {
  return dropout !== 0 || recurrentDropout !== 0;
}

/**
 * Returns the launches for dW_hh and db_hh: one product over all T·N rows, with db_hh in its epilogue.
 * If only db_hh is wanted, it is a sum over the rows.
 * @param gradients name of the tensor [T*N,G*H] with the gradients of the recurrent sums
 * @param states name of the tensor whose first T rows [N,H] the steps have read
 */
export function planWeightGradient(
  request: PlanRequest,
  gates: number,
  gradients: string,
  states: string,
): Launch[] {
  const { dims, has, accumulate, target } = request;
  const { T, N, H } = dims;
  const addBias = accumulate.includes('dbias_hh');
  if (!has('dweight_hh'))
    return has('dbias_hh') ? planColumnSums({ M: gates * H, K: T * N }, gradients, 'dbias_hh', addBias) : [];
  const rowSums = has('dbias_hh') ? { rowSums: 'dbias_hh', accumulateRowSums: addBias } : {};
  const b = masksState(request) ? 'masked' : states;
  return planProduct({
    layout: 'TN',
    M: gates * H,
    P: H,
    K: T * N,
    a: gradients,
    b,
    c: 'dweight_hh',
    accumulate: accumulate.includes('dweight_hh'),
    target,
    ...rowSums,
  });
}

/**
 * Returns a launch for the gradients of the initial states, and one for those of the learned initial
 * states, if the call has them.
 */
export function initialGradients(request: PlanRequest, kernel: Kernel, tensors: Names): Launch[] {
  const { has, accumulate, dims, attributes } = request;
  const names = { ...tensors, ...keyName(attributes.recurrentDropout !== 0) };
  const launches: Launch[] = [];
  if (has('dh0') || has('dc0'))
    launches.push(
      stateLaunch(
        kernel,
        request,
        { ...names, dh0_learned: undefined, dc0_learned: undefined },
        { LEARNED: false, ADD_LEARNED: false, ADD_C_LEARNED: false },
      ),
    );
  if (has('dh0_learned') || has('dc0_learned')) {
    const adds = {
      ADD_LEARNED: accumulate.includes('dh0_learned'),
      ADD_C_LEARNED: accumulate.includes('dc0_learned'),
    };
    const learned = stateLaunch(
      kernel,
      request,
      { ...names, dh0: undefined, dc0: undefined },
      { LEARNED: true, ...adds },
    );
    const grid = lineGrid(dims.H, WORKGROUP);
    launches.push({ ...learned, constants: { ...learned.constants, GRID_X: grid[0] }, grid });
  }
  return launches;
}
