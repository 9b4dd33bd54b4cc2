import { input, saved, scratch, type TensorContract } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';
import {
  initialTensors,
  optionalTensors,
  outputTensors,
  recurrentAttributes,
  STATES,
  windowTensors,
} from '../recurrent/contract.js';

const { reverse, dropout, site } = recurrentAttributes;

/**
 * Attributes of the ops without a recurrent product. They have no recurrentDropout, and other
 * variants.
 */
export const scanAttributes = {
  reverse,
  dropout,
  site,
  /**
   * `serial` goes from step to step; `parallel` divides the window into chunks that run at the same
   * time; `auto` chooses by size.
   */
  variant: 'auto',
} as const satisfies Attributes;

/**
 * The tensor table of a cell whose gates do not depend on the state.
 * @param gates blocks of H units in a row of `projected`
 * @param about description of these blocks
 */
export function scanTensors(gates: number, about: string): Record<string, TensorContract> {
  const rows = ['T', 'N', `${gates}H`];
  return {
    projected: input(rows, { about: `W_ih·x_t + b_ih of all steps: ${about}` }),
    ...initialTensors,
    ...windowTensors,
    ...outputTensors,
    h: saved(['T+1', 'N', 'H'], { about: STATES }),
    gates: saved(rows, { about: `${about}, after their activations; zero at padding` }),
    dh: optionalTensors.dh,
    dstates: scratch(['T', 'N', 'H'], {
      about: "replaces dh where the call lacks dh but wants the initial state's gradient",
    }),
  };
}
