import type { Random } from '../core/random.js';

/**
 * A random orthogonal matrix [H,H], uniformly distributed: normal deviates, whose rows the modified
 * Gram-Schmidt method makes orthonormal. This is the Q of a QR decomposition whose R has a positive
 * diagonal (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
 * The loss of orthogonality in double precision is far below the rounding of single precision.
 */
export function orthogonal(H: number, random: Random): Float64Array {
  const matrix = Float64Array.from({ length: H * H }, () => random.normal());
  for (let i = 0; i < H; i++) {
    const row = matrix.subarray(i * H, (i + 1) * H);
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < H; k++) row[k] /= length;
    for (let j = i + 1; j < H; j++) {
      const later = matrix.subarray(j * H, (j + 1) * H);
      const shadow = dot(row, later);
      for (let k = 0; k < H; k++) later[k] -= shadow * row[k];
    }
  }
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
