import { describe, expect, it } from 'vitest';
import { dropoutFactor } from '../../src/core/dropout.js';

const factors = (
  place: { seed?: number; step?: number; site?: number; recurrent?: boolean; rate?: number },
  length = 40_000,
): number[] => {
  const { seed = 1, step = 1, site = 0, recurrent = false, rate = 0.3 } = place;
  return Array.from({ length }, (_, e) => dropoutFactor({ key: [seed, step], site, recurrent, rate }, e));
};

describe('dropoutFactor', () => {
  it('drops the given share, and scales the others so that the mean stays 1', () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const all = factors({ rate });
      expect(all.filter((factor) => factor === 0).length / all.length).toBeCloseTo(rate, 1);
      expect(new Set(all)).toEqual(new Set([0, 1 / (1 - rate)]));
    }
  });

  it('depends on seed, step, site and kind, and on nothing else', () => {
    const first = factors({});
    expect(factors({})).toEqual(first);
    for (const other of [{ seed: 2 }, { step: 2 }, { site: 1 }, { recurrent: true }]) {
      const agreeing = factors(other).filter((factor, e) => factor === first[e]).length;
      expect(agreeing / first.length).toBeCloseTo(0.3 * 0.3 + 0.7 * 0.7, 1);
    }
  });

  it('is 1 everywhere at rate 0', () => expect(new Set(factors({ rate: 0 }))).toEqual(new Set([1])));
});
