/** One parameter, with PyTorch's name and shape. */
export interface ParameterSpec {
  readonly name: string;
  /** As PyTorch has it: `weight_ih_l0 [G*H,C]`. */
  readonly shape: readonly number[];
  /**
   * Kept in memory with rows and columns exchanged: input weights of ids, whose columns are
   * gathered as rows.
   */
  readonly transposed?: boolean;
  /**
   * Weights and biases of a recurrent layer: its cell's gates, each a block of H rows in this
   * order.
   */
  readonly gates?: readonly string[];
}

/** Named arrays in PyTorch's names and shapes: a state_dict. */
export type StateDict = Readonly<Record<string, NamedArray>>;

/** An array with its shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Element type of the file that it came from, where it did. */
  readonly dtype?: string;
}
