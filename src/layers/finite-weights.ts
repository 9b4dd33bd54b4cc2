import { DataError } from '../core/errors.js';

/** The largest finite number in single precision, (2 − 2⁻²³)·2¹²⁷. */
const LARGEST = 3.4028234663852886e38;

/**
 * Refuses numbers that are not finite in single precision.
 * @param name name of the tensor, for the message
 * @param what what the tensor belongs to, for the message: `state_dict`
 * @throws DataError naming the tensor, the element and its value
 */
export function checkFinite(
  name: string,
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  what: string,
): void {
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]) <= LARGEST) continue;
    // A number in double precision may round to the largest one.
    if (Number.isFinite(Math.fround(data[i]))) continue;
    const reason = Number.isFinite(data[i])
      ? `beyond the ±${LARGEST.toPrecision(3)} of single precision`
      : 'which is no finite number';
    throw new DataError(
      `${name} [${placeOf(i, shape).join(',')}] of the ${what} is ${data[i]}, ${reason}. ` +
        'The run that wrote it may have diverged: take an earlier checkpoint.',
    );
  }
}

/** Index of element `i` along each axis of a row-major array. */
function placeOf(i: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = i;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}
