import { RESETS } from '../cells/cell-facts.js';
import { COMMON_CELLS, COMMON_FACTS, type CommonCell } from '../cells/facts.js';
import { OptionError, ShapeError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { checkShape, gateRows, reorderGates, transposed, type ShapedArray } from './gate-blocks.js';

/**
 * Converts the weights of Keras's SimpleRNN, LSTM and GRU layers, as listed by
 * `layer.get_weights()`, to and from PyTorch's names and shapes.
 *
 *   Keras                                    PyTorch
 *   kernel            [C,G*H]                weight_ih [G*H,C]: transposed, gates in another order
 *   recurrent_kernel  [H,G*H]                weight_hh [G*H,H]: the same
 *   bias  SimpleRNN, LSTM  [G*H]             bias_ih + bias_hh; read into bias_ih, with bias_hh 0
 *   bias  GRU, reset_after=True  [2,3H]      bias_ih, bias_hh
 *   bias  GRU, reset_after=False [3H]        bias_ih + bias_hh of a GRU with reset "before"
 *   gates: LSTM i f c o, GRU z r h           LSTM i f g o, GRU r z n
 *
 * Keras's layers: https://keras.io/api/layers/recurrent_layers/
 */

/** Options of `fromKeras` and `toKeras`. */
export interface KerasOptions {
  /** Prefix of the names: `rnn.` in a character model. Default: none. */
  readonly prefix?: string;
  /** Number of the layer in its stack, from 0. Default 0. */
  readonly layer?: number;
  /**
   * Whether the layer reads from the last step to the first. Its weights are the second half of the
   * list of a Bidirectional layer. Default false.
   */
  readonly reverse?: boolean;
  /** `before` for a GRU with reset_after=False. Default `after`, as in Keras. */
  readonly reset?: 'after' | 'before';
}

type Names = Readonly<Record<'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh', string>>;

/**
 * Converts a Keras layer into a part of a PyTorch state_dict.
 * @param weights kernel, recurrent_kernel and, unless use_bias=False, bias
 * @throws ShapeError for a missing weight or another shape
 */
export function fromKeras(
  cell: CommonCell,
  weights: readonly ShapedArray[],
  options: KerasOptions = {},
): Record<string, { shape: number[]; data: Float32Array }> {
  const { names, twoBiases } = check(cell, options);
  checkWeights(weights);
  const [kernel, recurrent, bias] = weights;
  if (weights.length < 2 || weights.length > 3)
    throw new ShapeError(
      `A Keras layer has 2 or 3 weights, kernel, recurrent_kernel and bias, but ${weights.length} came.`,
    );
  if (kernel.shape.length !== 2 || recurrent.shape.length !== 2)
    throw new ShapeError(
      `kernel must be [C,${gateRows(cell)}] and recurrent_kernel [H,${gateRows(cell)}], but they are ` +
        `[${kernel.shape.join(',')}] and [${recurrent.shape.join(',')}].`,
    );
  const C = kernel.shape[0];
  const H = recurrent.shape[0];
  const rows = COMMON_FACTS[cell].gates.length * H;
  checkShape('kernel', `[C,${gateRows(cell)}]`, [C, rows], kernel);
  checkShape('recurrent_kernel', `[H,${gateRows(cell)}]`, [H, rows], recurrent);
  const { gates, keras } = COMMON_FACTS[cell];
  const order = (data: ArrayLike<number>): Float32Array => reorderGates(data, keras.gates, gates);
  const result: Record<string, { shape: number[]; data: Float32Array }> = {
    [names.weight_ih]: { shape: [rows, C], data: order(transposed(kernel)) },
    [names.weight_hh]: { shape: [rows, H], data: order(transposed(recurrent)) },
  };
  if (!bias) return result;
  if (COMMON_FACTS[cell].keras.twoBiases && bias.shape.length === (twoBiases ? 1 : 2))
    throw new ShapeError(
      twoBiases
        ? `bias must be [2,3H] = [2,${rows}], but is [${bias.shape.join(',')}]: that of a GRU with ` +
            'reset_after=False. Read it with reset "before", into a model with reset "before".'
        : `bias must be [3H] = [${rows}] for reset "before", but is [${bias.shape.join(',')}]: that of a ` +
            'GRU with reset_after=True. Read it with reset "after".',
    );
  checkShape('bias', twoBiases ? '[2,3H]' : `[${gateRows(cell)}]`, twoBiases ? [2, rows] : [rows], bias);
  const all = Float32Array.from(bias.data);
  result[names.bias_ih] = { shape: [rows], data: order(all.subarray(0, rows)) };
  result[names.bias_hh] = {
    shape: [rows],
    data: twoBiases ? order(all.subarray(rows)) : new Float32Array(rows),
  };
  return result;
}

/**
 * Converts a layer of a PyTorch state_dict for Keras's `layer.set_weights`: kernel,
 * recurrent_kernel and, if the layer has biases, bias.
 * @throws ShapeError for a missing weight or another shape
 */
export function toKeras(
  cell: CommonCell,
  values: Readonly<Record<string, ShapedArray>>,
  options: KerasOptions = {},
): { shape: number[]; data: Float32Array }[] {
  const { names, twoBiases } = check(cell, options);
  if (typeof values !== 'object' || values === null)
    throw new OptionError('values', values, 'an object with { shape, data } by parameter name');
  const own = (name: string): ShapedArray | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  const columns = (name: string, letters: string): number => {
    const length = own(name)?.shape[1];
    if (length === undefined) throw new ShapeError(`${name} ${letters} is missing, or no matrix.`);
    return length;
  };
  const H = columns(names.weight_hh, `[${gateRows(cell)},H]`);
  const C = columns(names.weight_ih, `[${gateRows(cell)},C]`);
  const rows = COMMON_FACTS[cell].gates.length * H;
  const { gates, keras } = COMMON_FACTS[cell];
  const order = (data: ArrayLike<number>): Float32Array => reorderGates(data, gates, keras.gates);
  const matrix = (name: string, letters: string, width: number): { shape: number[]; data: Float32Array } => {
    const { data } = checkShape(name, letters, [rows, width], own(name));
    return { shape: [width, rows], data: transposed({ shape: [rows, width], data: order(data) }) };
  };
  const weights = [
    matrix(names.weight_ih, `[${gateRows(cell)},C]`, C),
    matrix(names.weight_hh, `[${gateRows(cell)},H]`, H),
  ];
  const biases = [names.bias_ih, names.bias_hh].map((name) => {
    const array = own(name);
    return array && order(checkShape(name, `[${gateRows(cell)}]`, [rows], array).data);
  });
  if (biases.every((bias) => bias === undefined)) return weights;
  const [input, recurrent] = biases.map((bias) => bias ?? new Float32Array(rows));
  if (twoBiases) return [...weights, { shape: [2, rows], data: Float32Array.of(...input, ...recurrent) }];
  return [...weights, { shape: [rows], data: input.map((value, i) => value + recurrent[i]) }];
}

/** @throws OptionError unless `weights` is a list of arrays with shapes */
function checkWeights(weights: unknown): void {
  if (!Array.isArray(weights) || !weights.every(isShapedArray))
    throw new OptionError(
      'weights',
      weights,
      'an array of { shape, data }, as layer.get_weights() lists them',
    );
}

function isShapedArray(value: unknown): boolean {
  const { shape, data } = (typeof value === 'object' && value !== null ? value : {}) as Partial<ShapedArray>;
  return Array.isArray(shape) && (Array.isArray(data) || ArrayBuffer.isView(data));
}

function check(
  cell: CommonCell,
  options: KerasOptions,
): { readonly names: Names; readonly twoBiases: boolean } {
  oneOf('cell', cell, COMMON_CELLS);
  onlyKnown('keras', options, ['prefix', 'layer', 'reverse', 'reset']);
  const { prefix = '', layer = 0, reverse = false, reset = 'after' } = options;
  oneOf('reset', reset, RESETS);
  const suffix = `_l${wholeNumber('layer', layer, 0)}${reverse ? '_reverse' : ''}`;
  const name = (part: string): string => `${prefix}${part}${suffix}`;
  return {
    names: {
      weight_ih: name('weight_ih'),
      weight_hh: name('weight_hh'),
      bias_ih: name('bias_ih'),
      bias_hh: name('bias_hh'),
    },
    twoBiases: COMMON_FACTS[cell].keras.twoBiases?.reset === reset,
  };
}
