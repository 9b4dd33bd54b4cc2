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

/** Facts of a cell, as plain data. They import no op, so that readers of files can use them. */
export interface CellFacts {
  /** Name with its article, for messages: `an LSTM`. */
  readonly noun: string;
  /**
   * Names of its gates. Weights and biases hold one block of H rows for each gate, in this order:
   * PyTorch's, where PyTorch has the cell.
   */
  readonly gates: readonly string[];
  /** Names of its states, the output first. */
  readonly states: readonly string[];
  /** Whether its gates also read the state, so that it has weight_hh and bias_hh. */
  readonly recurrentWeights: boolean;
  /**
   * Names of the gates that forward saves, in the order of their blocks of H in a row of the op's
   * tensor `gates`. A row may hold further values after them, which only the op reads.
   */
  readonly savedGates: readonly string[];
  /** Its module in PyTorch, `torch.nn.<torch>`; absent where PyTorch has none. */
  readonly torch?: string;
  /** Its layer in Keras. */
  readonly keras?: {
    /** Keras's order of the gates, in the names of `gates`: Keras calls g "c" and n "h". */
    readonly gates: readonly string[];
    /** With these settings Keras has a second bias, for the recurrent product. Default: never. */
    readonly twoBiases?: Partial<CellSettings>;
  };
  /** Its operator in ONNX. */
  readonly onnx?: {
    readonly operator: string;
    /** ONNX's order of the gates, in the names of `gates`. */
    readonly gates: readonly string[];
    /** Attributes of the operator for these settings. @param directions 1 or 2 */
    readonly attributes: (
      settings: CellSettings,
      directions: number,
    ) => Readonly<Record<string, number | string[]>>;
  };
}
