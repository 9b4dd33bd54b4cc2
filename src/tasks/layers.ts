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

/** Options of the recurrent layers of a model. */
export interface LayersOptions {
  /** Kind of the cells. Default `lstm`. */
  readonly cell?: CellKind;
  /** H: units of each layer. */
  readonly hidden: number;
  /** L: number of layers. Default 1. */
  readonly layers?: number;
  /** Whether every layer reads both directions of the one below. Default false. */
  readonly bidirectional?: boolean;
  /** How the outputs of both directions are combined. Default `concat`. */
  readonly merge?: Merge;
  /**
   * Whether each layer joins two steps of the one below, so that it has half the steps. Default
   * false.
   */
  readonly pyramidal?: boolean;
  /** Share of outputs that training drops after every layer but the last. Default 0. */
  readonly dropout?: number;
  /** Share of the state that training drops before the recurrent product. Default 0. */
  readonly recurrentDropout?: number;
  /** Activation of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Where the cell `gru` applies its reset gate. Default `after`, as in PyTorch. */
  readonly reset?: Reset;
  /** Biases of the layers. Default `both`, as in PyTorch. */
  readonly biases?: Biases;
  /** The state at the start of a sequence. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default `fused`. `general` is slow and only for comparisons. */
  readonly form?: CellForm;
}

/** Defaults of all tasks. */
export const LAYERS_DEFAULTS = { ...STACK_DEFAULTS, cell: 'lstm' } as const;

export const LAYER_OPTIONS = [...Object.keys(LAYERS_DEFAULTS), 'hidden'] as const;

/** The options of the layers out of the options of a model, with defaults. */
export function layersOf(options: LayersOptions): Omit<StackOptions, 'input'> {
  const given = Object.entries(options).filter(
    ([name, value]) => (LAYER_OPTIONS as readonly string[]).includes(name) && value !== undefined,
  );
  return { ...LAYERS_DEFAULTS, ...Object.fromEntries(given), hidden: options.hidden };
}
