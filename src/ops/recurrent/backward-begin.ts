import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/recurrent/backward_begin.wgsl?raw';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { PlanRequest } from '../../plan/planner.js';
import { windowBindings, windowSources } from './kernels.js';
import { stateLaunch } from './plan.js';

const read = { access: 'read', type: 'f32' } as const;

const backwardBegin: Kernel = {
  name: 'recurrent/backward_begin',
  sources: [index, ...windowSources, source],
  bindings: { dhn: read, dcn: read, gradients: { access: 'read_write', type: 'f32' }, ...windowBindings },
};

/** Where backward steps read the gradients of the final states. */
export interface BackwardBegin {
  /** The tensor [T,N,G*H], or with `past` [3T+1,N,H]. */
  readonly gradients: string;
  /** G: number of blocks of H elements in a row of `gradients`. */
  readonly gates: number;
  /** Whether there is a cell state, whose gradient goes into the second block. Default: false. */
  readonly cell?: boolean;
  /** Whether the gradients go behind the first 3·T·N·H elements. Default: false, their rows' last steps. */
  readonly past?: boolean;
}

/**
 * Returns the launch before the first backward step, which stores the gradients of the final states;
 * none if the call has no such gradients.
 */
export function planBackwardBegin(
  request: PlanRequest,
  { gradients, gates, cell = false, past = false }: BackwardBegin,
): Launch[] {
  const { has } = request;
  if (!has('dhn') && !has('dcn')) return [];
  const names = { gradients, key: undefined, ...(past ? { lengths: undefined } : {}) };
  return [stateLaunch(backwardBegin, request, names, { GATES: gates, CELL: cell, PAST: past })];
}
