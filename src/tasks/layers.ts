import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { Merge } from '../layers/merge-directions.js';
import {
  STACK_DEFAULTS,
  type Biases,
  type CellForm,
  type InitialState,
  type StackOptions,
} from '../layers/stack-options.js';

/** The recurrent layers of a task's model. */
export interface LayersOptions {
  /** Default `lstm`. */
  readonly cell?: CellKind;
  /** H */
  readonly hidden: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default false. */
  readonly bidirectional?: boolean;
  /** How the outputs of both directions become one. Default `concat`. */
  readonly merge?: Merge;
  /** Each layer has half the steps of the one below. Default false. */
  readonly pyramidal?: boolean;
  /** Share of every layer's outputs but the last's that is dropped in training. Default 0. */
  readonly dropout?: number;
  /** Share of the state that is dropped where it enters the recurrent product. Default 0. */
  readonly recurrentDropout?: number;
  /** Of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Of the cell `gru`. Default `after`, as PyTorch has it. */
  readonly reset?: Reset;
  /** Default `both`, as PyTorch has it. */
  readonly biases?: Biases;
  /** What a sequence starts from. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
}

/** Defaults of all tasks. */
export const LAYERS_DEFAULTS = { ...STACK_DEFAULTS, cell: 'lstm' } as const;

export const LAYER_OPTIONS = [...Object.keys(LAYERS_DEFAULTS), 'hidden'] as const;

/** The layers' options among others, complete. */
export function layersOf(options: LayersOptions): Omit<StackOptions, 'input'> {
  const given = Object.entries(options).filter(
    ([name, value]) => (LAYER_OPTIONS as readonly string[]).includes(name) && value !== undefined,
  );
  return { ...LAYERS_DEFAULTS, ...Object.fromEntries(given), hidden: options.hidden };
}
