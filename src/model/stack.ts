import { oneOf, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { GATES } from '../core/gates.js';
import { generalCells } from './general-cells.js';
import { cells, CELLS, NONLINEARITIES, type CellKind, type Nonlinearity } from './cells.js';
import type { ParameterSpec } from './parameters.js';

/** Biases of a layer: PyTorch's two, the one of the textbooks (kept as bias_hh), or none. */
export const BIASES = ['both', 'single', 'none'] as const;
export type Biases = (typeof BIASES)[number];

/** L recurrent layers, one upon the other. */
export interface StackOptions {
  readonly cell: CellKind;
  readonly nonlinearity: Nonlinearity;
  /** C: input features, or the number of ids. */
  readonly input: number;
  /** H */
  readonly hidden: number;
  /** L */
  readonly layers: number;
  readonly biases: Biases;
  /** Default `fused`. `general` writes the cell from general ops, launch by launch: for checks and comparisons. */
  readonly form?: CellForm;
}

/** How a cell is computed: as one fused op over the window, or from general ops. */
export const CELL_FORMS = ['fused', 'general'] as const;
export type CellForm = (typeof CELL_FORMS)[number];

/** What a stack reads: features [T,N,C], or ids [T,N] that stand for one-hot vectors. */
export type StackInput = { readonly features: Tensor } | { readonly ids: Tensor };

/** Refuses options that make no stack. */
export function checkStack(options: StackOptions): StackOptions {
  oneOf('cell', options.cell, CELLS);
  oneOf('nonlinearity', options.nonlinearity, NONLINEARITIES);
  wholeNumber('input', options.input);
  wholeNumber('hidden', options.hidden);
  wholeNumber('layers', options.layers);
  oneOf('biases', options.biases, BIASES);
  oneOf('form', options.form ?? 'fused', CELL_FORMS);
  return options;
}

/** Parameters of a stack, with the names and shapes of torch.nn.RNN behind `prefix`. */
export function stackParameters(options: StackOptions, prefix: string, oneHot: boolean): ParameterSpec[] {
  const { hidden: H, layers, biases } = options;
  const gates = GATES[options.cell];
  const rows = gates.length * H;
  return Array.from({ length: layers }, (_, l): ParameterSpec[] => [
    { name: `${prefix}weight_ih_l${l}`, shape: [rows, l === 0 ? options.input : H], gates, ...(oneHot && l === 0 ? { transposed: true } : {}) },
    { name: `${prefix}weight_hh_l${l}`, shape: [rows, H], gates },
    ...(biases === 'both' ? [{ name: `${prefix}bias_ih_l${l}`, shape: [rows], gates }] : []),
    ...(biases === 'none' ? [] : [{ name: `${prefix}bias_hh_l${l}`, shape: [rows], gates }]),
  ]).flat();
}

/** Names of the states of a stack: `h_l0`, `h_l1`, … Each is [N,H]. */
export function stackStates(options: StackOptions): string[] {
  return cells[options.cell].states.flatMap((state) => Array.from({ length: options.layers }, (_, l) => `${state}_l${l}`));
}

/**
 * Applies the stack to a window. For each layer one product (or gather) projects the inputs of all steps, then the cell's fused op runs over time.
 * @param parameters by name, as declared by a ParameterLayout
 * @param states initial and final states by the names of `stackStates`
 * @returns outputs of the last layer, [T,N,H]
 */
export function applyStack(
  builder: GraphBuilder,
  options: StackOptions,
  window: { readonly T: number; readonly N: number },
  input: StackInput,
  context: {
    readonly prefix: string;
    readonly parameters: Readonly<Record<string, Tensor>>;
    readonly initial: Readonly<Record<string, Tensor>>;
    readonly final: Readonly<Record<string, Tensor>>;
    readonly keep?: Tensor | undefined;
    /** Where the outputs of the last layer go, [T,N,H]. */
    readonly output?: Tensor;
  },
): Tensor {
  const { T, N } = window;
  const { hidden: H } = options;
  const cell = (options.form === 'general' ? generalCells : cells)[options.cell];
  const rows = cell.gates * H;
  let below: Tensor | undefined;
  for (let l = 0; l < options.layers; l++) {
    const parameter = (name: string): Tensor | undefined => context.parameters[`${context.prefix}${name}_l${l}`];
    const weight = parameter('weight_ih') as Tensor;
    const bias = parameter('bias_ih');
    const label = `${context.prefix}l${l}`;
    let projected: Tensor;
    if (l === 0 && 'ids' in input) {
      projected = builder.apply(ops.gather, `${label}.projection`, { weight, ids: builder.view(input.ids, [T * N]), ...(bias ? { bias } : {}) }).y;
    } else {
      const features = below ?? (input as { features: Tensor }).features;
      const C = l === 0 ? options.input : H;
      projected = builder.apply(ops.linear, `${label}.projection`, { x: builder.view(features, [T * N, C]), weight, ...(bias ? { bias } : {}) }).y;
    }
    const own = (states: Readonly<Record<string, Tensor>>): Record<string, Tensor> => Object.fromEntries(cell.states.map((state) => [state, states[`${state}_l${l}`]]));
    below = cell.apply(builder, `${label}.${options.cell}`, {
      projected: builder.view(projected, [T, N, rows]),
      weightHh: parameter('weight_hh') as Tensor,
      biasHh: parameter('bias_hh'),
      initial: own(context.initial),
      final: own(context.final),
      keep: context.keep,
      nonlinearity: options.nonlinearity,
      output: l === options.layers - 1 ? context.output : undefined,
    });
  }
  return below as Tensor;
}
