import { describe, expect, it } from 'vitest';
import { roundToHalf } from '../../src/core/half.js';

/** The number of 16 bits, by the definition of binary16. */
function numberOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

describe('rounding to half precision', () => {
  it('keeps each of the 65536 numbers', () => {
    const changed = Array.from({ length: 65536 }, (_, bits) => numberOf(bits)).filter(
      (value) => !Object.is(roundToHalf(value), value),
    );
    expect(changed).toEqual([]);
  });

  it('takes the nearer neighbour, and of equally near ones the even one', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [numberOf(bits), numberOf(bits + 1)];
      const middle = (low + high) / 2;
      const little = (high - low) / 1024;
      const even = bits % 2 === 0 ? low : high;
      for (const sign of [1, -1])
        for (const [value, nearest] of [
          [middle, even],
          [middle - little, low],
          [middle + little, high],
        ])
          if (!Object.is(roundToHalf(sign * value), sign * nearest)) wrong.push(sign * value);
    }
    expect(wrong).toEqual([]);
  });

  it('makes numbers infinite from the middle between 65504 and 65536 on', () => {
    expect(roundToHalf(65519.99)).toBe(65504);
    expect(roundToHalf(65520)).toBe(Infinity);
    expect(roundToHalf(-1e30)).toBe(-Infinity);
  });
});
