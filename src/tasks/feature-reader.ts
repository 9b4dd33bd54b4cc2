import { isFiniteSingle } from '../core/arrays.js';
import { DataError, describe } from '../core/errors.js';
import { isListOfValues } from '../data/column.js';
import type { Conditions } from '../generate/model.js';
import type { Fields } from '../train/batch.js';

/** The numbers of one image: one list, or nested lists in the same order. */
export type ImageNumbers = ArrayLike<number> | readonly ImageNumbers[];

/**
 * How images become the one field of a condition, such as `features` [N,F] or `grid` [P,N,F]. Each
 * is numbers in the order of the field without N.
 */
export function featureReader(
  fields: Fields,
): (conditions: readonly ImageNumbers[], first: number) => Conditions {
  const [[name, { shape }]] = Object.entries(fields);
  const axis = shape.indexOf('N');
  const size = (lengths: readonly (string | number)[]): number =>
    lengths.reduce<number>((product, length) => product * Number(length), 1);
  const own = shape.filter((letter) => letter !== 'N');
  const [before, after] = [size(shape.slice(0, axis)), size(shape.slice(axis + 1))];
  return (conditions, first) => {
    const N = conditions.length;
    const values = new Float32Array(before * N * after);
    for (const [n, condition] of conditions.entries()) {
      const given: unknown = isListOfValues(condition) ? numbersOf(condition) : condition;
      const list = isListOfValues(given) ? given : undefined;
      if (list?.length !== before * after)
        throw new DataError(
          `The condition ${first + n} must be "${name}" of one image, [${own.join(',')}] = ` +
            `${before * after} numbers, but ${list ? `it has ${list.length}` : `${describe(given)} came`}.`,
        );
      for (let i = 0; i < list.length; i++) {
        const value = list[i];
        if (!isFiniteSingle(value))
          throw new DataError(
            `The condition ${first + n} has ${describe(value)} at element ${i}: "${name}" must be finite ` +
              'numbers.',
          );
        values[(Math.floor(i / after) * N + n) * after + (i % after)] = value;
      }
    }
    return { arrays: { [name]: values }, sizes: { N } };
  };
}

/** All numbers of nested lists as one list. */
function numbersOf(given: ArrayLike<unknown>): ArrayLike<unknown> {
  if (!Array.isArray(given) || !given.some(isListOfValues)) return given;
  return given.flatMap((item: unknown) => (isListOfValues(item) ? Array.from(numbersOf(item)) : [item]));
}
