import { DataError } from '../core/errors.js';
import type { Conditions } from '../generate/model.js';
import type { Fields } from '../train/batch.js';

/**
 * How images become the one field of a condition, such as `features` [N,F] or `grid` [P,N,F]. Each
 * is a list of numbers in the order of the field without N.
 */
export function featureReader(
  fields: Fields,
): (conditions: readonly ArrayLike<number>[], first: number) => Conditions {
  const [[name, { shape }]] = Object.entries(fields);
  const axis = shape.indexOf('N');
  const size = (lengths: readonly (string | number)[]): number =>
    lengths.reduce<number>((product, length) => product * Number(length), 1);
  const own = shape.filter((letter) => letter !== 'N');
  const [before, after] = [size(shape.slice(0, axis)), size(shape.slice(axis + 1))];
  return (conditions, first) => {
    const N = conditions.length;
    const values = new Float32Array(before * N * after);
    for (const [n, given] of conditions.entries()) {
      const { length } = (typeof given === 'object' && given !== null ? given : {}) as Partial<typeof given>;
      if (length !== before * after)
        throw new DataError(
          `The condition ${first + n} must be "${name}" of one image, [${own.join(',')}] = ` +
            `${before * after} numbers, but ${length === undefined ? `${typeof given} came` : `it has ${length}`}.`,
        );
      for (let i = 0; i < length; i++) {
        if (!Number.isFinite(given[i]))
          throw new DataError(
            `The condition ${first + n} has ${given[i]} at element ${i}: "${name}" must be finite numbers.`,
          );
        values[(Math.floor(i / after) * N + n) * after + (i % after)] = given[i];
      }
    }
    return { arrays: { [name]: values }, sizes: { N } };
  };
}
