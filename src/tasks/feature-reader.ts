import { DataError } from '../core/errors.js';
import type { Conditions } from '../generate/model.js';

/**
 * How the features of images become `features` [N,F], or `grid` [P,N,F].
 * @param F numbers of an image, or of each of its places
 * @param P places, where images are grids
 */
export function featureReader(
  F: number,
  P: number | undefined,
): (conditions: readonly ArrayLike<number>[], first: number) => Conditions {
  const places = P ?? 1;
  const wanted = P === undefined ? `F = ${F} numbers` : `P*F = ${P}*${F} = ${P * F} numbers, place by place`;
  return (conditions, first) => {
    const N = conditions.length;
    const values = new Float32Array(places * N * F);
    for (const [n, given] of conditions.entries()) {
      const { length } = (typeof given === 'object' && given !== null ? given : {}) as Partial<typeof given>;
      if (length !== places * F)
        throw new DataError(
          `The condition ${first + n} must be the features of an image, ${wanted}, but ` +
            (length === undefined ? `${typeof given} came.` : `it has ${length}.`),
        );
      for (let i = 0; i < length; i++) {
        if (!Number.isFinite(given[i]))
          throw new DataError(
            `The condition ${first + n} has ${given[i]} at element ${i}: features must be finite numbers.`,
          );
        values[(Math.floor(i / F) * N + n) * F + (i % F)] = given[i];
      }
    }
    return { arrays: { [P === undefined ? 'features' : 'grid']: values }, sizes: { N } };
  };
}
