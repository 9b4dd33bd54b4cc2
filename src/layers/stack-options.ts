import { NONLINEARITIES, RESETS, type Nonlinearity, type Reset } from '../cells/cell-facts.js';
import { CELLS, FACTS, hasRecurrentWeights, type CellKind } from '../cells/facts.js';
import { OptionError } from '../core/errors.js';
import { numberWithin, oneOf, trueOrFalse, wholeNumber } from '../core/options.js';
import { MERGES, type Merge } from './merge-directions.js';
import type { ParameterSpec } from './parameters.js';

/**
 * Biases of a layer: `both` bias_ih and bias_hh as in PyTorch, a `single` one as in textbooks
 * (named bias_hh), or `none`. Cells without recurrent weights have bias_ih alone.
 */
export const BIASES = ['both', 'single', 'none'] as const;
export type Biases = (typeof BIASES)[number];

/** How a cell is computed: as one fused op over the window, or from general ops. */
export const CELL_FORMS = ['fused', 'general'] as const;
export type CellForm = (typeof CELL_FORMS)[number];

/**
 * Initial states of sequences that carry no state from an earlier window: zero, or parameters [H].
 */
export const INITIAL_STATES = ['zero', 'learned'] as const;
export type InitialState = (typeof INITIAL_STATES)[number];

/** L recurrent layers; each reads the outputs of the layer below. */
export interface StackOptions {
  readonly cell: CellKind;
  /** Activation of the cell `rnn`. */
  readonly nonlinearity: Nonlinearity;
  /** Where the reset gate of the cell `gru` acts. */
  readonly reset: Reset;
  /** C: input features, or the number of ids. */
  readonly input: number;
  /** H: hidden units. */
  readonly hidden: number;
  /** L: number of layers. */
  readonly layers: number;
  readonly biases: Biases;
  /** Whether D = 2: each layer runs in both directions, and the layer above reads both. */
  readonly bidirectional: boolean;
  /** How the outputs of both directions are joined. */
  readonly merge: Merge;
  /**
   * Whether two neighbouring outputs are joined between layers, so that each layer has half the
   * steps of the layer below, rounded up.
   */
  readonly pyramidal: boolean;
  /** Share of the outputs of every layer but the last that is dropped in training. */
  readonly dropout: number;
  /**
   * Share of the state that is dropped before the recurrent product in training, with one mask for
   * all steps of a window.
   */
  readonly recurrentDropout: number;
  readonly initialState: InitialState;
  /**
   * `general` computes the cell by general ops, with several launches per step: for comparisons.
   */
  readonly form: CellForm;
}

/** Defaults. */
export const STACK_DEFAULTS = {
  cell: 'rnn',
  nonlinearity: 'tanh',
  reset: 'after',
  layers: 1,
  biases: 'both',
  bidirectional: false,
  merge: 'concat',
  pyramidal: false,
  dropout: 0,
  recurrentDropout: 0,
  initialState: 'zero',
  form: 'fused',
} as const satisfies Partial<StackOptions>;

/** Largest number of layers. Each layer is planned separately, however small it is. */
const MOST_LAYERS = 1024;

/** Checks the options of a stack. @returns the options @throws OptionError */
export function checkStack(options: StackOptions): StackOptions {
  oneOf('cell', options.cell, CELLS);
  oneOf('nonlinearity', options.nonlinearity, NONLINEARITIES);
  oneOf('reset', options.reset, RESETS);
  wholeNumber('input', options.input);
  wholeNumber('hidden', options.hidden);
  wholeNumber('layers', options.layers, 1, MOST_LAYERS);
  oneOf('biases', options.biases, BIASES);
  trueOrFalse('bidirectional', options.bidirectional);
  oneOf('merge', options.merge, MERGES);
  trueOrFalse('pyramidal', options.pyramidal);
  numberWithin('dropout', options.dropout, 0, 1, true);
  numberWithin('recurrentDropout', options.recurrentDropout, 0, 1, true);
  oneOf('initialState', options.initialState, INITIAL_STATES);
  oneOf('form', options.form, CELL_FORMS);
  if (options.dropout > 0 && options.layers === 1)
    throw new OptionError(
      'dropout',
      options.dropout,
      '0 for a single layer, since dropout acts between layers (2 layers or more, or recurrentDropout)',
    );
  if (options.pyramidal && options.layers === 1)
    throw new OptionError(
      'pyramidal',
      true,
      'false for a single layer, since steps are joined between layers (2 layers or more)',
    );
  if (options.recurrentDropout > 0 && !hasRecurrentWeights(options.cell))
    throw new OptionError(
      'recurrentDropout',
      options.recurrentDropout,
      `0 for the cell ${options.cell}, which has no recurrent weights`,
    );
  return options;
}

/** `defaults` overridden by `given`; an undefined value does not override. */
export function withDefaults<D extends object, G extends object>(defaults: D, given: G): D & G {
  return {
    ...defaults,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  } as D & G;
}

/** D: 1, or 2 where bidirectional. */
export function directionsOf({ bidirectional }: Pick<StackOptions, 'bidirectional'>): 1 | 2 {
  return bidirectional ? 2 : 1;
}

/** W: features of a layer's merged outputs, D*H for `concat`, else H. */
export function outputWidth({
  hidden,
  bidirectional,
  merge,
}: Pick<StackOptions, 'hidden' | 'bidirectional' | 'merge'>): number {
  return bidirectional && merge === 'concat' ? 2 * hidden : hidden;
}

/** Features of the input of layer `l`. */
export function inputWidth(options: StackOptions, l: number): number {
  if (l === 0) return options.input;
  return outputWidth(options) * (options.pyramidal ? 2 : 1);
}

/** Time steps of layer `l` in a window of T steps. */
export function stepsOf(options: Pick<StackOptions, 'pyramidal'>, l: number, T: number): number {
  return options.pyramidal ? Math.ceil(T / 2 ** l) : T;
}

/** Suffix of parameter and state names: `_l0`, `_l0_reverse`. */
export function suffixOf(l: number, direction: number): string {
  return `_l${l}${direction === 1 ? '_reverse' : ''}`;
}

/** All layers and directions, in PyTorch's order. */
export function placesOf(
  options: StackOptions,
): readonly { readonly l: number; readonly direction: number; readonly suffix: string }[] {
  const D = directionsOf(options);
  return Array.from({ length: options.layers * D }, (_, i) => ({
    l: Math.floor(i / D),
    direction: i % D,
    suffix: suffixOf(Math.floor(i / D), i % D),
  }));
}

/**
 * Parameters of a stack: names (after `prefix`) and shapes are those of torch.nn.RNN, LSTM and GRU.
 * Learned initial states are `h0_l0` [H], for an LSTM also `c0_l0`, and so on.
 * @param oneHot whether the lowest layer reads ids, so that its weight_ih is stored transposed
 */
export function stackParameters(options: StackOptions, prefix: string, oneHot: boolean): ParameterSpec[] {
  const { hidden: H, biases, cell } = options;
  const gates = FACTS[cell].gates;
  const rows = gates.length * H;
  const recurrent = hasRecurrentWeights(cell);
  return placesOf(options).flatMap(({ l, suffix }): ParameterSpec[] => [
    {
      name: `${prefix}weight_ih${suffix}`,
      shape: [rows, inputWidth(options, l)],
      gates,
      ...(oneHot && l === 0 ? { transposed: true } : {}),
    },
    ...(recurrent ? [{ name: `${prefix}weight_hh${suffix}`, shape: [rows, H], gates }] : []),
    ...(biases === 'both' || (biases === 'single' && !recurrent)
      ? [{ name: `${prefix}bias_ih${suffix}`, shape: [rows], gates }]
      : []),
    ...(biases !== 'none' && recurrent ? [{ name: `${prefix}bias_hh${suffix}`, shape: [rows], gates }] : []),
    ...(options.initialState === 'learned'
      ? FACTS[cell].states.map((state) => ({ name: `${prefix}${state}0${suffix}`, shape: [H] }))
      : []),
  ]);
}

/**
 * Names of the states of a stack: `h_l0`, `h_l0_reverse`, `h_l1`, …, then the same with `c`. Each
 * state is [N,H].
 */
export function stackStates(options: StackOptions): string[] {
  return FACTS[options.cell].states.flatMap((state) =>
    placesOf(options).map(({ suffix }) => `${state}${suffix}`),
  );
}
