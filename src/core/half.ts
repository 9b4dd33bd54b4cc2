import type { NumberArray } from './arrays.js';

/** Largest finite number in half precision. */
export const LARGEST_HALF = 65504;

/** Exponent of the smallest normal number. Smaller numbers are multiples of 2⁻²⁴. */
const LEAST_EXPONENT = -14;

/** Bits of the fraction. */
const FRACTION_BITS = 10;

/**
 * Rounds a number to half precision (binary16 of IEEE 754): to the nearest number, and of two equally
 * near ones to the one whose last bit is 0. Numbers that round to more than 65504 become infinite.
 */
export function roundToHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(LEAST_EXPONENT, Math.floor(Math.log2(Math.abs(value))));
  const unit = 2 ** (exponent - FRACTION_BITS);
  const rounded = roundToEven(Math.abs(value) / unit) * unit;
  return Math.sign(value) * (rounded > LARGEST_HALF ? Infinity : rounded);
}

/** Returns the operands of a product as it reads them. */
export type OperandReader = (values: NumberArray) => NumberArray;

/** In half precision: a copy whose numbers are rounded. */
export const asHalves: OperandReader = (values) => values.map(roundToHalf);

/** In the precision of the array: the array itself. */
export const asTheyAre: OperandReader = (values) => values;

/** Rounds a number from 0 on to the nearest whole number, and halves to the even one. */
function roundToEven(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}
