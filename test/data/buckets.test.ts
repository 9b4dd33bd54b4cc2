import { describe, expect, it } from 'vitest';
import { chooseSizes } from '../../src/data/buckets.js';
import { Random, STREAM } from '../../src/core/random.js';

const steps = (size: readonly number[]): number => size.reduce((sum, length) => sum + length, 0);
const covers = (size: readonly number[], row: readonly number[]): boolean =>
  row.every((length, axis) => length <= size[axis]);

/** Number of steps of all rows, each padded to the first size that has room for it. */
const cost = (rows: readonly number[][], sizes: readonly number[][]): number =>
  rows.reduce((sum, row) => sum + steps(sizes.find((size) => covers(size, row)) ?? [NaN]), 0);

/** All ascending lists of at most `most` sizes that end with the largest size. */
function chains(candidates: readonly number[][], largest: number[], most: number): number[][][] {
  if (most === 1) return [[largest]];
  const below = candidates.filter((size) => covers(largest, size) && size !== largest);
  return [
    [largest],
    ...below.flatMap((size) => chains(candidates, size, most - 1).map((chain) => [...chain, largest])),
  ];
}

describe('sizes of buckets', () => {
  it.each([1, 2])('leave the fewest padded steps of all choices, with %i lengths a row', (axes) => {
    const random = new Random(4, STREAM.test);
    for (let trial = 0; trial < 10; trial++) {
      const rows = Array.from({ length: 12 }, () => Array.from({ length: axes }, () => 1 + random.below(4)));
      const values = Array.from({ length: axes }, (_, axis) => [...new Set(rows.map((row) => row[axis]))]);
      const candidates = values.reduce<number[][]>(
        (all, axis) => all.flatMap((before) => axis.map((value) => [...before, value])),
        [[]],
      );
      const largest = candidates.reduce((a, b) => (steps(b) > steps(a) ? b : a));
      const best = Math.min(...chains(candidates, largest, 3).map((chain) => cost(rows, chain)));
      const chosen = chooseSizes(rows, 3);
      expect(chosen.length).toBeLessThanOrEqual(3);
      expect(chosen.at(-1)).toEqual(largest);
      // A size that saves less than 2 % of the steps is left out.
      expect(cost(rows, chosen)).toBeLessThanOrEqual(1.02 * best);
    }
  });

  it('are as few as possible, and have room for the longest of many lengths', () => {
    expect(chooseSizes([[5], [5], [5]], 4)).toEqual([[5]]);
    expect(chooseSizes([[], []], 4)).toEqual([[]]);
    const many = Array.from({ length: 1000 }, (_, i) => [1 + i]);
    const chosen = chooseSizes(many, 4).map(([T]) => T);
    expect(chosen).toHaveLength(4);
    expect(chosen[3]).toBe(1000);
    // The best sizes for the lengths 1 to 1000 are 250, 500, 750 and 1000.
    for (const [i, T] of chosen.entries()) expect(Math.abs(T - 250 * (i + 1))).toBeLessThan(45);
  });
});
