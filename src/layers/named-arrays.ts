/** One parameter, with PyTorch's name and shape. */
export interface ParameterSpec {
  readonly name: string;
  /** Shape in PyTorch: `weight_ih_l0 [G*H,C]`. */
  readonly shape: readonly number[];
  /**
   * Whether memory holds it with rows and columns exchanged. So it is for input weights of ids,
   * whose columns are gathered as rows. Default false.
   */
  readonly transposed?: boolean;
  /** For weights and biases of a recurrent layer: the gates of its blocks of H rows, in order. */
  readonly gates?: readonly string[];
}

/** Arrays by parameter name, in PyTorch's names and shapes. */
export type StateDict = Readonly<Record<string, NamedArray>>;

/** A parameter's elements, row-major, and their shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Element type in the file that it was read from, such as `F16`. Default: none. */
  readonly dtype?: string;
}
