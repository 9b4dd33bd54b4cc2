import { expect, test } from 'vitest';
import { barLength, decades, fromZero } from '../../demo/src/bench/bars.js';

/** Lengths of the bars of one chart. */
function lengths(...values: number[]): number[] {
  const scale = decades(values);
  return values.map((value) => barLength(value, scale));
}

test('times that differ by 1 % have bars that look alike, and four times as long is clearly longer', () => {
  for (const time of [0.013, 0.9999, 1, 100, 7500]) {
    const [one, slightlyMore] = lengths(time, 1.01 * time);
    expect(slightlyMore - one).toBeGreaterThanOrEqual(0);
    expect(slightlyMore / one).toBeLessThan(1.03);
    for (const others of [[], [100 * time], [time / 10, 1000 * time]]) {
      const [short, long] = lengths(time, 4 * time, ...others);
      expect(long - short).toBeGreaterThan(0.1);
    }
  }
});

test(
  'bars begin and end at whole powers of ten, two decades at least, and the same factor has the same ' +
    'length wherever it stands',
  () => {
    expect(decades([100, 101])).toMatchObject({ from: 10, to: 1000 });
    expect(decades([3])).toMatchObject({ from: 1, to: 100 });
    expect(decades([0.04, 950])).toMatchObject({ from: 0.01, to: 1000 });
    const [a, b, c, d] = lengths(0.5, 2, 50, 200);
    expect(d - c).toBeCloseTo(b - a, 12);
  },
);

test('no bar is cut off, and none is without length', () => {
  for (const values of [[1], [10], [1, 10, 100], [0.1, 1000], [2, 3000], [1e-3, 99, 100]]) {
    for (const length of lengths(...values)) {
      expect(length).toBeGreaterThan(0.03);
      expect(length).toBeLessThanOrEqual(1);
    }
  }
  expect(lengths(0, 5)[0]).toBe(0); // less than the clock can tell
  expect(decades([])).toMatchObject({ from: 1, to: 100 });
});

test('shares of a ceiling begin at zero; a full bar is the ceiling, or what exceeds it', () => {
  expect(fromZero([0.2, 0.5], 1)).toMatchObject({ from: 0, to: 1 });
  expect(barLength(0.5, fromZero([0.2, 0.5], 1))).toBe(0.5);
  const exceeded = fromZero([0.5, 2], 1);
  expect([0.5, 1, 2].map((value) => barLength(value, exceeded))).toEqual([0.25, 0.5, 1]);
});
