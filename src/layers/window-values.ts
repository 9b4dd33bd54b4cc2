import { ShapeError } from '../core/errors.js';
import { elementCount, evaluateShape, formatShape, type DimExpression, type Dims } from '../core/notation.js';
import { notNumbers } from './numbers.js';

/** Checks an array of a caller and copies it. @throws ShapeError in letters and numbers */
export function floatsOf(
  name: string,
  shape: readonly DimExpression[],
  dims: Dims,
  values: ArrayLike<number>,
): Float32Array {
  const length = elementCount(evaluateShape(shape, dims));
  const problem = notNumbers(values);
  if (problem !== undefined)
    throw new ShapeError(
      `${name} must be ${formatShape(shape, dims)}, a flat array of numbers such as a Float32Array, ` +
        `got ${problem}.`,
    );
  if (values.length !== length)
    throw new ShapeError(
      `${name} must be ${formatShape(shape, dims)} with ${length} elements, but ${values.length} came.`,
    );
  return Float32Array.from(values);
}

/** The same for an array that a caller may leave out: zeros then. */
export function floatsOrZeros(
  name: string,
  shape: readonly DimExpression[],
  dims: Dims,
  values: ArrayLike<number> | undefined,
): Float32Array {
  return values === undefined
    ? new Float32Array(elementCount(evaluateShape(shape, dims)))
    : floatsOf(name, shape, dims, values);
}

/**
 * Checks time steps of each row: N whole numbers from 1 to T.
 * @throws ShapeError that names the row
 */
export function lengthsOf(
  values: ArrayLike<number>,
  { T, N }: { readonly T: number; readonly N: number },
): Uint32Array {
  const problem = notNumbers(values);
  if (problem !== undefined)
    throw new ShapeError(
      `lengths must be [N] = [${N}], an array of numbers such as a Uint32Array, got ${problem}.`,
    );
  if (values.length !== N)
    throw new ShapeError(
      `lengths must be [N] = [${N}], a number of steps for every batch row, but ${values.length} came.`,
    );
  for (let n = 0; n < N; n++) {
    const length = values[n];
    if (!Number.isInteger(length) || length < 1 || length > T)
      throw new ShapeError(`lengths must be whole numbers from 1 to T = ${T}, but row ${n} has ${length}.`);
  }
  return Uint32Array.from(values);
}

/**
 * Writes zeros to the padded steps of values [T,N,C]: whatever stood there, even NaN, then reaches
 * no gradient of a weight as 0·NaN.
 */
export function clearPadding(values: Float32Array, lengths: Uint32Array, C: number): void {
  const N = lengths.length;
  for (let row = 0; row * C < values.length; row++)
    if (Math.floor(row / N) >= lengths[row % N]) values.fill(0, row * C, (row + 1) * C);
}
