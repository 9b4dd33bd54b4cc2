import { FACTS, type CommonCell } from '../cells/facts.js';
import { ShapeError } from '../core/errors.js';

/** A row-major array with its shape. */
export interface ShapedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/**
 * Reorders the blocks of gates, which have equal lengths.
 * @param from names of the present order
 */
export function reorderGates(
  data: ArrayLike<number>,
  from: readonly string[],
  to: readonly string[],
): Float32Array {
  const length = data.length / from.length;
  const result = new Float32Array(data.length);
  to.forEach((gate, place) => {
    const start = from.indexOf(gate) * length;
    for (let i = 0; i < length; i++) result[place * length + i] = data[start + i];
  });
  return result;
}

/** The transposed matrix: [R,C] becomes [C,R]. */
export function transposed({ shape: [R, C], data }: ShapedArray): Float32Array {
  const result = new Float32Array(R * C);
  for (let r = 0; r < R; r++) for (let c = 0; c < C; c++) result[c * R + r] = data[r * C + c];
  return result;
}

/**
 * The rows of a cell's weights in letters, for messages: `4H`, or `H` for the single gate of the
 * RNN.
 */
export function gateRows(cell: CommonCell): string {
  const G = FACTS[cell].gates.length;
  return G === 1 ? 'H' : `${G}H`;
}

/**
 * Returns the array.
 * @param letters the shape in letters, such as `[C,4H]`
 * @throws ShapeError if it is missing or has another shape
 */
export function checkShape(
  name: string,
  letters: string,
  expected: readonly number[],
  array: ShapedArray | undefined,
): ShapedArray {
  if (!array) throw new ShapeError(`${name} ${letters} = [${expected.join(',')}] is missing.`);
  const needed = expected.reduce((product, length) => product * length, 1);
  if (array.shape.join() !== expected.join() || array.data.length !== needed)
    throw new ShapeError(
      `${name} must be ${letters} = [${expected.join(',')}], but is [${array.shape.join(',')}] with ` +
        `${array.data.length} elements.`,
    );
  return array;
}
