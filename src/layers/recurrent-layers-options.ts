import type { Device } from '../plan/device.js';
import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { Initializer } from './initializers.js';
import type { Merge } from './merge-directions.js';
import type { StateDict } from './parameters.js';
import type { Biases, CellForm, InitialState } from './stack-options.js';

/** Options of `RecurrentLayers.create`, in PyTorch's terms. */
export interface RecurrentLayersOptions {
  readonly device: Device;
  /** C: features of the input. */
  readonly input: number;
  /** H: hidden units. */
  readonly hidden: number;
  /** L: number of layers. Default 1. */
  readonly layers?: number;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Activation of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Where the reset gate of the cell `gru` acts. Default `after`, as in PyTorch. */
  readonly reset?: Reset;
  /** Which biases the layers have. Default `both`. */
  readonly biases?: Biases;
  /** Whether D = 2: each layer runs in both directions, and the next reads both. Default false. */
  readonly bidirectional?: boolean;
  /** How the outputs of both directions are joined. Default `concat`. */
  readonly merge?: Merge;
  /**
   * Whether two neighbouring outputs are joined between layers, so that each layer has half the
   * steps of the layer below, rounded up. Default false.
   */
  readonly pyramidal?: boolean;
  /**
   * Share of the outputs of every layer but the last that is dropped, 0 to below 1. It acts in
   * calls with the option `step`. Default 0.
   */
  readonly dropout?: number;
  /**
   * Share of the state that is dropped before the recurrent product, 0 to below 1, with one mask
   * for all steps of a window. It acts in calls with the option `step`. Default 0.
   */
  readonly recurrentDropout?: number;
  /** Initial states of calls that pass none. Default `zero`. */
  readonly initialState?: InitialState;
  /** `general` is slow; it is for comparisons. Default `fused`. */
  readonly form?: CellForm;
  /** Initial weights. Default: uniform in ±1/√H. */
  readonly init?: Initializer;
  /** N: batch rows. */
  readonly batch: number;
  /** T: time steps. */
  readonly time: number;
  /** Seed of the initial weights and the dropout masks. Default 0. */
  readonly seed?: number;
}

/** Arrays by name of the state: `{ h }`, for an LSTM `{ h, c }`. */
export type NamedArrays = Readonly<Record<string, ArrayLike<number>>>;

/** Options of a call for one window. */
export interface WindowOptions {
  /**
   * Time steps of each batch row [N], whole numbers from 1 to T, in any order. Later steps of x are
   * padding. Default: T in every row.
   */
  readonly lengths?: ArrayLike<number>;
  /** Turns dropout on; the masks depend on (seed, step). Default: no dropout. */
  readonly step?: number;
}

/**
 * Results of `forward`. T is the number of steps of the last layer: in a pyramidal stack each layer
 * has half the steps of the layer below. W is D*H for `concat`, and H for other merges.
 */
export interface RecurrentOutput {
  /** Outputs of the last layer, [T,N,W]; zero at padded steps. */
  readonly y: Float32Array;
  /** Outputs at the last step of each row, [N,W]. */
  readonly last: Float32Array;
  /**
   * Final states by name, each [L*D,N,H] in PyTorch's order. The reverse direction ends at the
   * first step of each row, the other at the last.
   */
  readonly final: Readonly<Record<string, Float32Array>>;
}

/** Gradients of one window. */
export interface RecurrentGradients {
  /** Gradient of the input, [T,N,C]. */
  readonly x: Float32Array;
  /**
   * Gradients of the initial states by name, each [L*D,N,H]; zero where learned states were used
   * instead.
   */
  readonly initial: Readonly<Record<string, Float32Array>>;
  readonly parameters: StateDict;
  /** With `gradientFlow`: dL/dh_t of every step, by layer and direction, each [T,N,H]. */
  readonly flow?: readonly (readonly Float32Array[])[];
}
