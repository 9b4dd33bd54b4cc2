import { describe, expect, it } from 'vitest';
import { Random, STREAM } from '../../src/core/random.js';

describe('Random.below', () => {
  // χ² with limit − 1 degrees of freedom has mean limit − 1 and deviation √(2(limit − 1)); the seed
  // is fixed, so this cannot fail by chance.
  it.each([2, 6, 8, 10, 64])('is even over %i values', (limit) => {
    const random = new Random(1, STREAM.test);
    const draws = 40_000;
    const counts = new Array<number>(limit).fill(0);
    for (let i = 0; i < draws; i++) counts[random.below(limit)]++;
    const expected = draws / limit;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(limit - 1 + 5 * Math.sqrt(2 * (limit - 1)));
  });

  it('stays in range up to 2³²', () => {
    const random = new Random(2, STREAM.test);
    for (const limit of [1, 3, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32]) {
      for (let i = 0; i < 1000; i++) {
        const value = random.below(limit);
        expect(Number.isInteger(value) && value >= 0 && value < limit, `${value} of ${limit}`).toBe(true);
      }
    }
  });
});
