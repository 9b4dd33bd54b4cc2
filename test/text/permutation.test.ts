import { describe, expect, it } from 'vitest';
import { feistel, permutation } from '../../src/text/permutation.js';

const listed = (order: (place: number) => number, length: number): number[] =>
  Array.from({ length }, (_, place) => order(place));

describe('permutation', () => {
  it('reaches every number once, for small and large lengths alike', () => {
    for (const length of [1, 2, 3, 17, 1000, 2 ** 18, 2 ** 18 + 1, 300_000]) {
      const seen = new Uint8Array(length);
      const order = permutation(length, 3, 0);
      for (let place = 0; place < length; place++) seen[order(place)]++;
      expect(
        seen.every((count) => count === 1),
        `length ${length}`,
      ).toBe(true);
    }
  });

  it('is decided by seed and epoch', () => {
    for (const length of [50, 300_000]) {
      const head = (seed: number, epoch: number): number[] => listed(permutation(length, seed, epoch), 50);
      expect(head(3, 4)).toEqual(head(3, 4));
      expect(head(3, 4)).not.toEqual(head(3, 5));
      expect(head(3, 4)).not.toEqual(head(4, 4));
    }
  });
});

describe('feistel', () => {
  it('is a bijection for every small length', () => {
    for (let length = 1; length < 70; length++) {
      expect(listed(feistel(length, 1, 2), length).sort((a, b) => a - b)).toEqual(
        Array.from({ length }, (_, i) => i),
      );
    }
  });

  it(
    'spreads neighbours: places and numbers are uncorrelated, and each tenth of the places reaches each ' +
      'tenth of the numbers equally',
    () => {
      const length = 300_000;
      const order = feistel(length, 11, 12);
      const cells = new Float64Array(100);
      let product = 0;
      for (let place = 0; place < length; place++) {
        const number = order(place);
        cells[Math.floor((10 * place) / length) * 10 + Math.floor((10 * number) / length)]++;
        product += (place / length - 0.5) * (number / length - 0.5);
      }
      // The correlation of a random order has deviation 1 / √length = 0.0018; 0.01 is more than
      // five
      // of these.
      expect(Math.abs((12 * product) / length)).toBeLessThan(0.01);
      // 3,000 expected in each cell, deviation at most √3000 = 55: 300 is more than five of these.
      for (const count of cells) expect(Math.abs(count - 3000)).toBeLessThan(300);
    },
  );
});
