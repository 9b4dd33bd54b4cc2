import type { Dims } from '../core/notation.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Attributes, Op } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import type { CellFacts, Nonlinearity, Reset } from './cell-facts.js';
import type { Expressions } from './expressions.js';

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

/** What the steps of a cell need of its inputs. */
export type StepInputs = Pick<CellInputs, 'weightHh' | 'biasHh' | 'nonlinearity' | 'reset'>;

export type States = Readonly<Record<string, Tensor>>;

/**
 * One time step of a cell.
 * @param x the step's projected inputs [N,G*H]
 * @param states those before the step, each [N,H]
 * @param operand h as the recurrent product sees it: with recurrent dropout where there is any
 * @returns the states after the step
 */
export type GeneralStep = (x: Tensor, states: States, operand: Tensor) => States;

/** All that there is to a cell: its facts, its fused op, and its step in general ops. */
export interface CellRecord {
  readonly facts: CellFacts;
  /** Computes a window: one layer in one direction. */
  readonly op: Op;
  /** Computes a window of a decoder that attends to a source before each step. Default: none. */
  readonly attentionOp?: Op;
  /** Attributes of the op that only this cell has. Default: none. */
  readonly attributes?: (inputs: StepInputs) => Attributes;
  /**
   * The step as anybody would write it; the op is checked against it. What does not change from
   * step to step is applied once, before the first.
   */
  readonly step: (e: Expressions, inputs: StepInputs) => GeneralStep;
}

/** A cell in one of its forms, as the model sees it. */
export interface Cell {
  /** What forward saves for backward, by name, and its shape. */
  saved(dims: Dims): Readonly<Record<string, readonly number[]>>;
  /** Applies the cell over the window. @returns outputs of all steps [T,N,H] */
  apply(builder: GraphBuilder, label: string, inputs: CellInputs): Tensor;
}

/** The recurrent weights of a cell that has them. */
export function recurrentOf({ weightHh, biasHh }: StepInputs): {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly H: number;
} {
  const weight = weightHh as Tensor;
  return { weight, bias: biasHh, H: weight.shape[1] };
}
