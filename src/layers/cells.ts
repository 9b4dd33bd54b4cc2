import { evaluateShape, type Dims } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Attributes, Op } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';

/** Recurrent cells that the library has. */
export const CELLS = ['rnn', 'lstm', 'gru', 'mingru', 'minlstm'] as const;
export type CellKind = (typeof CELLS)[number];

/** Activation of the vanilla RNN. */
export const NONLINEARITIES = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof NONLINEARITIES)[number];

/**
 * Where a GRU's reset gate acts: on the product `W_hn·h + b_hn`, as PyTorch and cuDNN have it, or
 * on the state before the product, as in Cho et al. (2014).
 */
export const RESETS = ['after', 'before'] as const;
export type Reset = (typeof RESETS)[number];

/**
 * What a cell is given for one layer, one direction and one window. Letters: G is the cell's number
 * of gates.
 */
export interface CellInputs {
  /** W_ih·x_t + b_ih of all steps, [T,N,G*H]. */
  readonly projected: Tensor;
  /** [G*H,H]; undefined for a cell without recurrent weights. */
  readonly weightHh: Tensor | undefined;
  /** [G*H] */
  readonly biasHh: Tensor | undefined;
  /** Initial states [N,H] by name. */
  readonly initial: Readonly<Record<string, Tensor>>;
  /**
   * Where the final states go: may be the tensors of `initial`, which carries them to the next
   * window. Intermediates where left out.
   */
  readonly final: Readonly<Record<string, Tensor>>;
  /** Learned initial states [H] by name, from which a row starts where `keep` is 0. */
  readonly learned: Readonly<Record<string, Tensor>>;
  /** 1 carries a batch row's state, 0 starts it anew: [N]. */
  readonly keep: Tensor | undefined;
  /** Time steps of each row, u32 [N]. */
  readonly lengths: Tensor | undefined;
  /** (seed, step) of dropout's random bits, u32 [2]; without it there is no dropout. */
  readonly key: Tensor | undefined;
  /** Shares of outputs and of recurrent inputs that are dropped. */
  readonly dropout: number;
  readonly recurrentDropout: number;
  /** A whole number that no other layer or direction has: it keeps their masks apart. */
  readonly site: number;
  /** From the last step to the first. */
  readonly reverse: boolean;
  readonly nonlinearity: Nonlinearity;
  readonly reset: Reset;
  /** Where the outputs [T,N,H] go; an intermediate where undefined. */
  readonly output: Tensor | undefined;
  /**
   * Tensors that the caller wants to read: what forward saves for backward, and `dh` [T,N,H], the
   * gradients of the states.
   */
  readonly inspected: Readonly<Record<string, Tensor>>;
}

/** Names of every cell's states. */
export const STATES: Readonly<Record<CellKind, readonly string[]>> = {
  rnn: ['h'],
  lstm: ['h', 'c'],
  gru: ['h'],
  mingru: ['h'],
  minlstm: ['h'],
};

/** One kind of recurrent layer, as the model sees it. */
export interface Cell {
  /** What forward saves for backward, by name, and its shape. */
  saved(dims: Dims): Readonly<Record<string, readonly number[]>>;
  /** Applies the fused op over the window. @returns outputs of all steps [T,N,H] */
  apply(builder: GraphBuilder, label: string, inputs: CellInputs): Tensor;
}

/** The fused cells by kind. */
export const cells: Readonly<Record<CellKind, Cell>> = {
  rnn: fusedCell(ops.rnn, STATES.rnn, ({ nonlinearity }) => ({ nonlinearity })),
  lstm: fusedCell(ops.lstm, STATES.lstm),
  gru: fusedCell(ops.gru, STATES.gru, ({ reset }) => ({ reset })),
  mingru: fusedCell(ops.mingru, STATES.mingru),
  minlstm: fusedCell(ops.minlstm, STATES.minlstm),
};

/** A cell that is one op over the whole window. */
function fusedCell(
  op: Op,
  states: readonly string[],
  own: (inputs: CellInputs) => Attributes = () => ({}),
): Cell {
  return {
    saved(dims) {
      const rows = Object.entries(op.tensors).filter(([, row]) => row.role === 'saved' && !row.optional);
      return Object.fromEntries(rows.map(([name, row]) => [name, evaluateShape(row.shape, dims)]));
    },
    apply(builder, label, inputs) {
      const [T, N] = inputs.projected.shape;
      const drops = inputs.key !== undefined;
      const recurrentDropout = drops ? inputs.recurrentDropout : 0;
      const dropout = drops ? inputs.dropout : 0;
      const initial = inputs.initial.h;
      const tensors = {
        projected: inputs.projected,
        weight_hh: inputs.weightHh,
        bias_hh: inputs.biasHh,
        keep: inputs.keep,
        lengths: inputs.lengths,
        key: dropout > 0 || recurrentDropout > 0 ? inputs.key : undefined,
        masked:
          recurrentDropout > 0
            ? builder.tensor('value', `${label}.masked`, [T + 1, N, initial.shape[1]])
            : undefined,
        y: inputs.output,
        ...Object.fromEntries(
          states.flatMap((state) => [
            [`${state}0`, inputs.initial[state]],
            [`${state}n`, inputs.final[state]],
            [`${state}0_learned`, inputs.learned[state]],
          ]),
        ),
        ...inputs.inspected,
      };
      const attributes: Attributes = {
        ...own(inputs),
        ...chosen({ reverse: inputs.reverse, dropout, recurrentDropout, site: drops ? inputs.site : 0 }),
      };
      return builder.apply(op, label, present(tensors), attributes).y;
    },
  };
}

/** Attributes that are not at rest: an op without such an attribute refuses them. */
function chosen(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== 0 && value !== false));
}

/** The tensors that there are. */
export function present(tensors: Readonly<Record<string, Tensor | undefined>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== undefined),
  );
}
