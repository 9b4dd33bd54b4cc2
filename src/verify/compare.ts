/** The difference between a tensor and its expected values. */
export interface Difference {
  /** max|a−b| / max(floor, max|b|); Infinity where a value is missing or not finite. */
  readonly error: number;
  /** Index of the element with the largest error, and both values. */
  readonly index: number;
  readonly got: number;
  readonly expected: number;
}

/** Smallest denominators of the error: outputs have a scale of 1, gradients their own scale. */
export const FLOOR = { output: 1, gradient: 1e-3 } as const;

/**
 * Default tolerances of single precision against double: outputs, gradients, loss curves
 * (relative), parameters after training.
 */
export const TOLERANCE = {
  ...{ output: 1e-5, gradient: 1e-4, curve: 1e-3, parameter: 1e-3 },
  /**
   * Products with operands in half precision. WGSL lets a device round an operand to either
   * neighbour, and the reference takes the nearest: both operands may differ by 2⁻¹⁰ of their size.
   */
  mixed: 2 ** -9,
  /** The same where results of products are operands of others, as in the steps of a window. */
  mixedInside: 2 ** -7,
  /**
   * Operands that the op computes, and that are rounded to the nearest number everywhere. Two that
   * differ in their last bit may round to neighbours, which differ by 2⁻¹⁰ of their size.
   */
  emulatedInside: 2 ** -10,
} as const;

/** Compares element by element. A non-finite value is correct only where the same one is expected. */
export function compareArrays(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor: number,
): Difference {
  let scale = floor;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  let worst: Difference = {
    error: got.length === expected.length ? 0 : Infinity,
    index: -1,
    got: NaN,
    expected: NaN,
  };
  for (let i = 0; i < expected.length; i++) {
    const same = Object.is(got[i], expected[i]);
    const finite = Number.isFinite(got[i]) && Number.isFinite(expected[i]);
    const error = same ? 0 : finite ? Math.abs(got[i] - expected[i]) / scale : Infinity;
    if (error > worst.error || (worst.index < 0 && error === 0))
      worst = { error, index: i, got: got[i], expected: expected[i] };
  }
  return worst;
}
