import { input, saved, scratch, type Attributes, type OpCase, type TensorContract } from '../../plan/op.js';
import { recurrentCases } from '../recurrent/cases.js';
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
 * Settings of the recurrent ops that have no recurrent product: no recurrentDropout, and variants
 * of their own.
 */
export const scanAttributes = {
  reverse,
  dropout,
  site,
  /**
   * `auto` chooses by size; `serial` walks from step to step; `parallel` cuts the window into
   * chunks that run at the same time.
   */
  variant: 'auto',
} as const satisfies Attributes;

/**
 * The tensor table of a cell whose gates do not see the state.
 * @param gates blocks of H units in a row of `projected`
 * @param about what these blocks are
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
      about: 'dh, where nobody wants to see it but the initial state has a gradient',
    }),
  };
}

/**
 * Sizes of the recurrent ops in both bodies, and long windows in each, with chunks that the window
 * does not fill.
 */
export function scanCases(): OpCase[] {
  const never = ['c0_learned', 'masked', 'weight_hh', 'bias_hh'];
  const shared = recurrentCases([{ variant: 'serial' }, { variant: 'parallel' }], never).filter(
    ({ attributes }) => attributes?.variant !== 'simple',
  );
  const small = ['key', 'dh', 'h0_learned', 'keep'];
  const [serial, parallel, auto] = ['serial', 'parallel', 'auto'].map((variant) => ({ variant }));
  return [
    ...shared,
    { dims: { T: 500, N: 1, H: 3 }, attributes: auto, without: [...small, 'lengths'] },
    { dims: { T: 500, N: 2, H: 8 }, attributes: serial, without: [...small, 'lengths'], minor: true },
    {
      dims: { T: 500, N: 2, H: 8 },
      attributes: { ...parallel, reverse: true },
      without: small,
      fill: { lengths: { values: [500, 137] } },
    },
    {
      dims: { T: 131, N: 3, H: 4 },
      attributes: parallel,
      without: small,
      fill: { lengths: { values: [1, 130, 77] } },
    },
    { dims: { T: 40, N: 1, H: 1024 }, attributes: auto, without: [...small, 'lengths'], minor: true },
    // Gates that are shut or wide open, where f + i is far below 1.
    {
      dims: { T: 9, N: 2, H: 12 },
      attributes: serial,
      without: [...small, 'lengths'],
      fill: { projected: { scale: 20, shift: -8 } },
    },
  ];
}
