import type { Device } from '../plan/device.js';
import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { Initializer } from './initializers.js';
import type { Merge } from './merge.js';
import type { StateDict } from './parameters.js';
import type { Biases, CellForm, InitialState } from './stack-options.js';

/** What `RecurrentLayers.create` takes, in PyTorch's terms. */
export interface RecurrentLayersOptions {
  readonly device: Device;
  /** C: features of the input. */
  readonly input: number;
  /** H */
  readonly hidden: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Of the cell `gru`. Default `after`, as PyTorch has it. */
  readonly reset?: Reset;
  /** Default `both`. */
  readonly biases?: Biases;
  /** D = 2: every layer reads both directions of the one below. Default false. */
  readonly bidirectional?: boolean;
  /** How the outputs of both directions become one. Default `concat`. */
  readonly merge?: Merge;
  /**
   * Joins two neighbouring outputs between layers, so that each layer has half the steps of the one
   * below, rounded up. Default false.
   */
  readonly pyramidal?: boolean;
  /**
   * Share of the outputs of every layer but the last that is dropped where a call names a `step`.
   * Default 0.
   */
  readonly dropout?: number;
  /**
   * Share of the state that is dropped where it enters the recurrent product, where a call names a
   * `step`; one mask per window. Default 0.
   */
  readonly recurrentDropout?: number;
  /** What calls without initial states start from. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
  /** Default: uniform in ±1/√H. */
  readonly init?: Initializer;
  /** N */
  readonly batch: number;
  /** T */
  readonly time: number;
  /** Decides the initial weights and the dropout masks. Default 0. */
  readonly seed?: number;
}

/** Arrays by the kind of state: `{ h }`, of an LSTM `{ h, c }`. */
export type NamedArrays = Readonly<Record<string, ArrayLike<number>>>;

/** How one window is run. */
export interface WindowOptions {
  /**
   * Time steps of each batch row [N], 1 to T, in any order. What follows in x is padding. Default:
   * T in every row.
   */
  readonly lengths?: ArrayLike<number>;
  /** Turns dropout on, with the masks of (seed, step). */
  readonly step?: number;
}

/**
 * Results of `forward`. Below, T and W are the steps and features of the last layer: half as many
 * steps per layer where pyramidal, W = D*H or, merged otherwise than by `concat`, H.
 */
export interface RecurrentOutput {
  /** Outputs of the last layer, [T,N,W]; zero at padded steps. */
  readonly y: Float32Array;
  /** Outputs of the last step of each row, [N,W]. */
  readonly last: Float32Array;
  /**
   * Final states by name, each [L*D,N,H] in PyTorch's order: after the last step of each row; of a
   * backward direction, after its first.
   */
  readonly final: Readonly<Record<string, Float32Array>>;
}

/** Gradients of one window. */
export interface RecurrentGradients {
  /** Gradient of the input, [T,N,C]. */
  readonly x: Float32Array;
  /**
   * Gradients of the initial states by name, each [L*D,N,H]; zero where learned ones took their
   * place.
   */
  readonly initial: Readonly<Record<string, Float32Array>>;
  readonly parameters: StateDict;
  /** dL/dh_t of every step where `gradientFlow` was asked for, by layer and direction: [T,N,H]. */
  readonly flow?: readonly (readonly Float32Array[])[];
}
