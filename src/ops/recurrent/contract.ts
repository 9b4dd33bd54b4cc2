import { input, output, saved, weight, type TensorContract } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';

type Rows = Record<string, TensorContract>;

/** Attributes of every recurrent op, with their defaults. */
export const recurrentAttributes = {
  /** Whether the layer runs from the last time step to the first. */
  reverse: false,
  /** Share of outputs that are dropped, with a new mask in every time step. */
  dropout: 0,
  /**
   * Share of units of h_{t−1} that are dropped before the recurrent product, with one mask for each
   * window (Gal and Ghahramani, 2016).
   */
  recurrentDropout: 0,
  /** Whole number that distinguishes the masks of layers and directions. */
  site: 0,
  /** `tiled` chooses kernels by size; `simple` uses plain loops, with which tests compare them. */
  variant: 'tiled',
} as const satisfies Attributes;

/** Tensors of a window besides its inputs and initial states. */
export const windowTensors: Rows = {
  keep: input(['N'], {
    optional: true,
    differentiable: false,
    about: '1 carries the state of a batch row, 0 resets it',
  }),
  lengths: input(['N'], {
    dtype: 'u32',
    optional: true,
    about: 'steps of each batch row, from 1 to T; later steps are padding',
  }),
  key: input(['2'], {
    dtype: 'u32',
    optional: true,
    about: '(seed, step) of the dropout masks',
  }),
};

/** The carried initial state, and the learned one of rows whose state is not carried. */
export const initialTensors: Rows = {
  h0: input(['N', 'H'], { about: 'initial state' }),
  h0_learned: weight(['H'], { optional: true, about: 'where keep is 0; default zero' }),
};

/** Results of forward. At padded steps outputs are zero, and states do not change. */
export const outputTensors: Rows = {
  y: output(['T', 'N', 'H'], { about: 'h_t of all steps, after dropout; zero at padding' }),
  hn: output(['N', 'H'], { about: 'state at the end of each row; may be the tensor of h0' }),
};

/** The masked operand of the recurrent product, and the gradients of all states. */
export const optionalTensors: Rows = {
  masked: saved(['T+1', 'N', 'H'], { optional: true, about: 'mask ⊙ h, if recurrentDropout is above 0' }),
  dh: saved(['T', 'N', 'H'], { optional: true, about: 'dL/dh_t of all steps' }),
};

/** The rows of states. shaders/recurrent/window.wgsl has the row that a step writes. */
export const STATES = 'row t is the state before step t; row T is the final state';
