import { FileFormatError, ShapeError } from '../core/errors.js';

/** The value of 16 bits in IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
export function float16ToFloat32(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 as single precision, of which it is the upper half. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/**
 * 64-bit integers as numbers.
 * @throws FileFormatError for one that a number cannot represent exactly
 */
export function int64ToNumbers(values: BigInt64Array, where: string): Float64Array {
  return Float64Array.from(values, (value, i) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new FileFormatError(
        `${where}: element ${i} is ${value}, beyond the ±${Number.MAX_SAFE_INTEGER} that can be read ` +
          'exactly.',
      );
    return number;
  });
}

/** Numbers as 64-bit integers. @throws ShapeError for one that is not whole */
export function numbersToInt64(values: Float64Array, where: string): BigInt64Array {
  return BigInt64Array.from(values, (value, i) => {
    if (!Number.isSafeInteger(value))
      throw new ShapeError(`${where} cannot be written as I64: element ${i} is ${value}.`);
    return BigInt(value);
  });
}
