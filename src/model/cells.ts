import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** Recurrent cells that the library has. */
export const CELLS = ['rnn'] as const;
export type CellKind = (typeof CELLS)[number];

/** Activation of the vanilla RNN. */
export const NONLINEARITIES = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof NONLINEARITIES)[number];

/** What a cell is given for one layer and one window. */
export interface CellInputs {
  /** W_ih·x_t + b_ih of all steps, [T,N,G*H]. */
  readonly projected: Tensor;
  readonly weightHh: Tensor;
  readonly biasHh: Tensor | undefined;
  /** Initial states [N,H] by name. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /** Where the final states go: may be the tensors of `initial`, which carries them to the next window. */
  readonly final: Readonly<Record<string, Tensor>>;
  /** 1 carries a batch row's state, 0 starts it from zero: [N]. */
  readonly keep: Tensor | undefined;
  readonly nonlinearity: Nonlinearity;
  /** Where the outputs [T,N,H] go; an intermediate where undefined. */
  readonly output: Tensor | undefined;
}

/** One kind of recurrent layer, as the model sees it. */
export interface Cell {
  readonly gates: number;
  /** Names of its states: `h`, and `c` where a cell has one. */
  readonly states: readonly string[];
  /** Applies the fused op over the window. @returns outputs of all steps [T,N,H] */
  apply(builder: GraphBuilder, label: string, inputs: CellInputs): Tensor;
}

/** The cells by kind. */
export const cells: Readonly<Record<CellKind, Cell>> = {
  rnn: {
    gates: 1,
    states: ['h'],
    apply(builder, label, { projected, weightHh, biasHh, initial, final, keep, nonlinearity, output }) {
      const tensors = {
        projected,
        h0: initial.h,
        hn: final.h,
        weight_hh: weightHh,
        ...(biasHh ? { bias_hh: biasHh } : {}),
        ...(keep ? { keep } : {}),
        ...(output ? { y: output } : {}),
      };
      return builder.apply(ops.rnn, label, tensors, { nonlinearity }).y;
    },
  },
};
