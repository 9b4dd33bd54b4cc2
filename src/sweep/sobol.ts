/**
 * Sobol's sequence: any number of its first points fills a cube evenly.
 * Source of the direction numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
 * two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), table new-joe-kuo-6.21201, whose
 * first lines are below. `torch.quasirandom.SobolEngine` uses the same; a test compares.
 */

/** A primitive polynomial over GF(2) and the initial numbers of the recurrence. */
interface Direction {
  /** Degree. */
  readonly s: number;
  /** Coefficients between the first and the last, as bits. */
  readonly a: number;
  readonly m: readonly number[];
}

/** For the second dimension and those after it. */
const TABLE: readonly Direction[] = [
  { s: 1, a: 0, m: [1] },
  { s: 2, a: 1, m: [1, 3] },
  { s: 3, a: 1, m: [1, 3, 1] },
  { s: 3, a: 2, m: [1, 1, 1] },
  { s: 4, a: 1, m: [1, 1, 3, 3] },
  { s: 4, a: 4, m: [1, 3, 5, 13] },
  { s: 5, a: 2, m: [1, 1, 5, 5, 17] },
  { s: 5, a: 4, m: [1, 1, 5, 5, 5] },
  { s: 5, a: 7, m: [1, 1, 7, 11, 19] },
  { s: 5, a: 11, m: [1, 1, 5, 1, 1] },
  { s: 5, a: 13, m: [1, 1, 1, 3, 11] },
  { s: 5, a: 14, m: [1, 3, 5, 5, 31] },
  { s: 6, a: 1, m: [1, 3, 3, 9, 7, 49] },
  { s: 6, a: 13, m: [1, 1, 1, 15, 21, 21] },
  { s: 6, a: 16, m: [1, 3, 1, 13, 27, 49] },
  { s: 6, a: 19, m: [1, 1, 1, 15, 7, 5] },
  { s: 6, a: 22, m: [1, 3, 1, 15, 13, 25] },
  { s: 6, a: 25, m: [1, 1, 5, 5, 19, 61] },
  { s: 7, a: 1, m: [1, 3, 7, 11, 23, 15, 103] },
  { s: 7, a: 4, m: [1, 3, 7, 13, 13, 15, 69] },
];

/** Largest number of dimensions. */
export const SOBOL_DIMENSIONS = TABLE.length + 1;

const BITS = 32;

/** Returns the direction numbers of a dimension: [BITS], the first in the highest bit. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (dimension === 0) return v.map((_, i) => 2 ** (BITS - 1 - i));
  const { s, a, m } = TABLE[dimension - 1];
  for (let i = 0; i < BITS; i++) {
    if (i < s) {
      v[i] = m[i] * 2 ** (BITS - 1 - i);
      continue;
    }
    let next = v[i - s] ^ (v[i - s] >>> s);
    for (let k = 1; k < s; k++) if ((a >>> (s - 1 - k)) & 1) next ^= v[i - k];
    v[i] = next;
  }
  return v;
}

const V = Array.from({ length: SOBOL_DIMENSIONS }, (_, dimension) => directions(dimension));

/**
 * Returns a coordinate of a point as the 32 bits of a fraction. Points are in the order of Gray
 * codes, as in torch and scipy.
 * @param index of the point, below 2³²; point 0 is the corner
 */
export function sobolBits(index: number, dimension: number): number {
  let gray = (index ^ (index >>> 1)) >>> 0;
  let bits = 0;
  for (let i = 0; gray !== 0; i++, gray >>>= 1) if (gray & 1) bits ^= V[dimension][i];
  return bits >>> 0;
}
