import type { Dims } from '../core/notation.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Op } from '../plan/op.js';
import type { Attributes } from '../plan/planner.js';
import type { Tensor } from '../plan/tensor.js';
import type { CellFacts, Nonlinearity, Reset } from './cell-facts.js';
import type { Expressions } from './expressions.js';

/**
 * Inputs of a cell for one layer, one direction and one window. G is the cell's number of gates.
 * This is the first file to read in src/cells: `CellRecord` below is what a new cell must define.
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
   * Tensors [N,H] that receive the final states, by name. The tensors of `initial` carry them to
   * the next window. Default for each: an intermediate.
   */
  readonly final: Readonly<Record<string, Tensor>>;
  /** Learned initial states [H] by name, used by rows whose `keep` is 0. */
  readonly learned: Readonly<Record<string, Tensor>>;
  /** [N]: 1 carries a batch row's state from `initial`, 0 resets it. */
  readonly keep: Tensor | undefined;
  /** Time steps of each row, u32 [N]. */
  readonly lengths: Tensor | undefined;
  /** u32 [2] = (seed, step) of dropout's random bits; undefined: no dropout. */
  readonly key: Tensor | undefined;
  /** Share of the outputs that is dropped, 0 to below 1. */
  readonly dropout: number;
  /** Share of the state that is dropped before the recurrent product, 0 to below 1. */
  readonly recurrentDropout: number;
  /** A whole number, different for each layer and direction, so that their masks differ. */
  readonly site: number;
  /** Whether the layer runs from the last step to the first. */
  readonly reverse: boolean;
  readonly nonlinearity: Nonlinearity;
  readonly reset: Reset;
  /** Receives the outputs [T,N,H]. Default: an intermediate. */
  readonly output: Tensor | undefined;
  /**
   * Tensors of the op that the caller wants to read, by contract name: what forward saves for
   * backward, and `dh` [T,N,H], the gradients of the states.
   */
  readonly inspected: Readonly<Record<string, Tensor>>;
}

/** The inputs that all steps of a cell share. */
export type StepInputs = Pick<CellInputs, 'weightHh' | 'biasHh' | 'nonlinearity' | 'reset'>;

export type States = Readonly<Record<string, Tensor>>;

/**
 * One time step of a cell.
 * @param x the step's projected inputs [N,G*H]
 * @param states the states before the step, each [N,H]
 * @param operand h after recurrent dropout: what the recurrent product reads, [N,H]
 * @returns the states after the step
 */
export type GeneralStep = (x: Tensor, states: States, operand: Tensor) => States;

/** Everything that defines a cell: its facts, its fused op, and its step in general ops. */
export interface CellRecord {
  readonly facts: CellFacts;
  /** Computes one layer in one direction over a whole window. */
  readonly op: Op;
  /** The same for a decoder that attends to a source before each step. Default: none. */
  readonly attentionOp?: Op;
  /** Attributes of the op that only this cell has. Default: none. */
  readonly attributes?: (inputs: StepInputs) => Attributes;
  /**
   * Makes the step from general ops; tests check the fused op against it. Ops that are the same in
   * every step are applied once, before the step function is returned.
   */
  readonly step: (e: Expressions, inputs: StepInputs) => GeneralStep;
}

/** A cell in one of its two forms, fused or general. Layers use this interface. */
export interface Cell {
  /** Shapes of the tensors that forward saves for backward, by contract name. */
  saved(dims: Dims): Readonly<Record<string, readonly number[]>>;
  /** Applies the cell over the window. @returns outputs of all steps [T,N,H] */
  apply(builder: GraphBuilder, label: string, inputs: CellInputs): Tensor;
}

/** The recurrent weights. Only for cells whose facts have `recurrentWeights`. */
export function recurrentOf({ weightHh, biasHh }: StepInputs): {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly H: number;
} {
  const weight = weightHh as Tensor;
  return { weight, bias: biasHh, H: weight.shape[1] };
}
