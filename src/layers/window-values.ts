import { ShapeError } from '../core/errors.js';
import { elementCount, evaluateShape, formatShape, type DimExpression, type Dims } from '../core/notation.js';
import { describeNotNumbers } from './number-arrays.js';

/** Checks an array from a caller. @returns a copy @throws ShapeError, in letters and numbers */
export function checkedFloats(
  name: string,
  shape: readonly DimExpression[],
  dims: Dims,
  values: ArrayLike<number>,
): Float32Array {
  const length = elementCount(evaluateShape(shape, dims));
  const problem = describeNotNumbers(values);
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

/** Checks an array that may be undefined. @returns a copy, or zeros @throws ShapeError */
export function checkedFloatsOrZeros(
  name: string,
  shape: readonly DimExpression[],
  dims: Dims,
  values: ArrayLike<number> | undefined,
): Float32Array {
  return values === undefined
    ? new Float32Array(elementCount(evaluateShape(shape, dims)))
    : checkedFloats(name, shape, dims, values);
}

/**
 * Checks lengths of rows: N whole numbers from 1 to T.
 * @returns a copy
 * @throws ShapeError that names the row
 */
export function checkedLengths(
  values: ArrayLike<number>,
  { T, N }: { readonly T: number; readonly N: number },
): Uint32Array {
  const problem = describeNotNumbers(values);
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
 * Writes zeros to the padded steps of values [T,N,C]. A NaN there would make gradients of weights
 * NaN, since 0·NaN is NaN.
 */
export function clearPadding(values: Float32Array, lengths: Uint32Array, C: number): void {
  const N = lengths.length;
  for (let row = 0; row * C < values.length; row++)
    if (Math.floor(row / N) >= lengths[row % N]) values.fill(0, row * C, (row + 1) * C);
}
