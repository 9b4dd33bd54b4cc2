/** Activation of the vanilla RNN. */
export const NONLINEARITIES = ['tanh', 'relu'] as const;
export type Nonlinearity = (typeof NONLINEARITIES)[number];

/**
 * Where a GRU's reset gate acts: on the product `W_hn·h + b_hn`, as PyTorch and cuDNN have it, or
 * on the state before the product, as in Cho et al. (2014).
 */
export const RESETS = ['after', 'before'] as const;
export type Reset = (typeof RESETS)[number];

/** Settings that only some cells have. */
export interface CellSettings {
  readonly nonlinearity: Nonlinearity;
  readonly reset: Reset;
}

/** What is known of a cell without computing anything. */
export interface CellFacts {
  /** For messages: `an LSTM`. */
  readonly noun: string;
  /**
   * Names of its gates, in the order in which their blocks of H rows lie in weights and biases:
   * PyTorch's order, where PyTorch has the cell.
   */
  readonly gates: readonly string[];
  /** Names of its states, the output first. */
  readonly states: readonly string[];
  /** Whether its gates also see the state, so that it has weight_hh and bias_hh. */
  readonly recurrentWeights: boolean;
  /**
   * Names of the gates that forward saves, in the order in which their blocks of H lie in a row of
   * the op's tensor `gates`. What else lies behind them is the op's own business.
   */
  readonly savedGates: readonly string[];
  /** Its module in PyTorch, `torch.nn.<torch>`; absent where PyTorch has none. */
  readonly torch?: string;
  /** Its layer in Keras. */
  readonly keras?: {
    /** Keras's order of the gates, in the names of `gates`: Keras calls g "c" and n "h". */
    readonly gates: readonly string[];
    /** The setting that brings a second bias, for the recurrent product; absent: one bias. */
    readonly twoBiases?: Partial<CellSettings>;
  };
  /** Its operator in ONNX. */
  readonly onnx?: {
    readonly operator: string;
    /** ONNX's order of the gates, in the names of `gates`. */
    readonly gates: readonly string[];
    /** Attributes that follow from its settings. @param directions 1 or 2 */
    readonly attributes: (
      settings: CellSettings,
      directions: number,
    ) => Readonly<Record<string, number | string[]>>;
  };
}
