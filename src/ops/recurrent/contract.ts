import { input, output, saved, weight, type Attributes, type TensorContract } from '../../plan/op.js';

type Rows = Record<string, TensorContract>;

/** Settings that every recurrent op has. */
export const recurrentAttributes = {
  /** Runs from the last step to the first. */
  reverse: false,
  /** Share of outputs that are dropped, a fresh mask in every step. */
  dropout: 0,
  /**
   * Share of units of h_{t−1} that the recurrent product does not see, one mask per window (Gal and
   * Ghahramani, 2016).
   */
  recurrentDropout: 0,
  /** A whole number of its own for every layer and direction: their masks differ. */
  site: 0,
  /** `tiled` chooses a body by size; `simple` is what the others are checked against. */
  variant: 'tiled',
} as const satisfies Attributes;

/** What a window brings besides its inputs and initial states. */
export const windowTensors: Rows = {
  keep: input(['N'], {
    optional: true,
    differentiable: false,
    about: '1 carries the state of a batch row, 0 starts it anew',
  }),
  lengths: input(['N'], {
    dtype: 'u32',
    optional: true,
    about: 'steps of each batch row, from 1 to T; what follows is padding',
  }),
  key: input(['2'], { dtype: 'u32', optional: true, about: '(seed, step): decides the dropout masks' }),
};

/** The initial state, and what a row starts from where its state is not carried. */
export const initialTensors: Rows = {
  h0: input(['N', 'H'], { about: 'initial state' }),
  h0_learned: weight(['H'], { optional: true, about: 'where keep is 0, instead of zero' }),
};

/** What forward leaves. Padded outputs are zero; states stand still at padded steps. */
export const outputTensors: Rows = {
  y: output(['T', 'N', 'H'], { about: 'h_t of all steps, dropped out; zero at padding' }),
  hn: output(['N', 'H'], { about: 'state at the end of each row; may be the tensor of h0' }),
};

/**
 * The operand of the recurrent product where a mask changes it, and what gradient flow is read
 * from.
 */
export const optionalTensors: Rows = {
  masked: saved(['T+1', 'N', 'H'], { optional: true, about: 'mask ⊙ h, where recurrentDropout is above 0' }),
  dh: saved(['T', 'N', 'H'], { optional: true, about: 'dL/dh_t of all steps, written by backward' }),
};

/** Rows of states, so that no step is special: step t reads row t in both directions. */
export const STATES =
  'row t is the state before step t; a forward layer writes row t + 1, a reverse one row t − 1, or row ' +
  'T at t = 0, so that row T is the final state';
