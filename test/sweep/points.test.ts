import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readParameter, valueAt, type Parameter } from '../../src/sweep/parameters.js';
import { pointsOf, type Order } from '../../src/sweep/order.js';
import { SOBOL_DIMENSIONS, sobolBits } from '../../src/sweep/sobol.js';
import type { Point } from '../../src/sweep/index.js';

const parameters = (given: Readonly<Record<string, unknown>>): Record<string, Parameter> =>
  Object.fromEntries(Object.entries(given).map(([name, values]) => [name, readParameter(name, values)]));

const RANGES = parameters({
  rate: { from: 1e-4, to: 1, scale: 'log' },
  hidden: { from: 3, to: 9, whole: true },
  cell: { choice: ['rnn', 'lstm', 'gru'] },
});

function points(order: Order, seed: number, count: number): Point[] {
  const all = pointsOf(RANGES, order, seed, count);
  expect(all.count).toBe(count);
  return Array.from({ length: count }, (_, i) => all.at(i));
}

describe('a grid', () => {
  it('has all combinations; the last parameter changes fastest', () => {
    const grid = pointsOf(parameters({ a: [1, 2], b: ['x', 'y', 'z'] }), 'grid', 0, undefined);
    expect(Array.from({ length: grid.count }, (_, i) => grid.at(i))).toEqual(
      [1, 2].flatMap((a) => ['x', 'y', 'z'].map((b) => ({ a, b }))),
    );
  });

  it('has evenly spaced values of a range, linear, logarithmic or whole', () => {
    const values = (range: object): unknown[] => {
      const grid = pointsOf(parameters({ a: range }), 'grid', 0, undefined);
      return Array.from({ length: grid.count }, (_, i) => grid.at(i).a);
    };
    expect(values({ from: 0, to: 1, points: 5 })).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(values({ from: 1e-4, to: 1, scale: 'log', points: 5 })).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(values({ from: 32, to: 512, scale: 'log', whole: true, points: 5 })).toEqual([
      32, 64, 128, 256, 512,
    ]);
    expect(values({ from: 1, to: 3, whole: true, points: 9 })).toEqual([1, 2, 3]);
  });

  it('refuses a range without a number of points', () => {
    expect(() => pointsOf(RANGES, 'grid', 0, undefined)).toThrow(
      'rate.points: expected the number of values of the range in a grid, got undefined.',
    );
  });
});

describe("Sobol's sequence", () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/sobol.json', import.meta.url), 'utf8')) as {
    readonly points: readonly (readonly number[])[];
  };

  it('equals that of torch in all dimensions', () => {
    expect(golden.points[0]).toHaveLength(SOBOL_DIMENSIONS);
    expect(
      golden.points.map((_, index) =>
        golden.points[0].map((_, dimension) => sobolBits(index, dimension) / 4),
      ),
    ).toEqual(golden.points);
  });

  it.each([0, 7])('has a point in each half, quarter and eighth of every range (seed %i)', (seed) => {
    // 8 of 64 points: an aligned block, because the first point is the second of the sequence.
    const all = points('sobol', seed, 71).slice(7, 71);
    const eighths = all.map(({ rate }) => Math.floor((Math.log10(Number(rate)) / 4 + 1) * 8));
    for (let part = 0; part < 8; part++) expect(eighths.filter((each) => each === part)).toHaveLength(8);
  });

  it('is shifted by the seed', () => {
    expect(points('sobol', 0, 4)).toEqual(points('sobol', 0, 4));
    expect(points('sobol', 1, 4)).not.toEqual(points('sobol', 0, 4));
  });
});

describe('random order', () => {
  it('depends only on the seed and the number of the point', () => {
    expect(points('random', 3, 20).slice(0, 5)).toEqual(points('random', 3, 5));
    expect(points('random', 4, 5)).not.toEqual(points('random', 3, 5));
  });

  it('draws every whole number and every choice with equal probability', () => {
    const all = points('random', 1, 2100);
    const counts = (name: string): number[] => {
      const values = all.map((point) => point[name]);
      return [...new Set(values)].map((value) => values.filter((each) => each === value).length);
    };
    // Expected are 300 of each with a standard deviation of 16, and 700 of each cell with 22.
    expect(counts('hidden')).toHaveLength(7);
    for (const count of counts('hidden')) expect(Math.abs(count - 300)).toBeLessThan(80);
    expect(counts('cell')).toHaveLength(3);
    for (const count of counts('cell')) expect(Math.abs(count - 700)).toBeLessThan(110);
    for (const { rate } of all) {
      expect(rate).toBeGreaterThanOrEqual(1e-4);
      expect(rate).toBeLessThan(1);
    }
  });
});

it('a place at the end of a range gives a value inside it', () => {
  const almostOne = 1 - 2 ** -32;
  expect(valueAt(RANGES.hidden, almostOne)).toBe(9);
  expect(valueAt(RANGES.hidden, 0)).toBe(3);
  expect(valueAt(RANGES.cell, almostOne)).toBe('gru');
});

describe('the error names a value that cannot be used', () => {
  const cases: [string, unknown, string][] = [
    ['an empty list', [], 'rate: expected a list with at least one value, got [].'],
    ['an empty choice', { choice: [] }, 'rate.choice: expected a list with at least one value, got [].'],
    ['a list in a list', [[1]], 'rate: expected texts, numbers, true or false, got [1].'],
    ['a value twice', [1, 2, 1], 'rate: expected every value once, not 1 twice, got [1,2,1].'],
    ['a single value', 5, 'rate: expected an object with any of'],
    [
      'a range that ends before it begins',
      { from: 2, to: 1 },
      'rate.to: expected a number above "from", which is 2',
    ],
    [
      'a logarithm of 0',
      { from: 0, to: 1, scale: 'log' },
      'rate.from: expected a finite number above 0, got 0.',
    ],
    ['half a unit', { from: 1.5, to: 4, whole: true }, 'rate.from: expected a whole number, got 1.5.'],
    ['a misspelt key', { from: 1, to: 4, scal: 'log' }, 'rate.scal: expected one of the options'],
    ['another scale', { from: 1, to: 4, scale: 'square' }, 'rate.scale: expected one of linear, log'],
    ['a grid of one', { from: 1, to: 4, points: 1 }, 'rate.points: expected a whole number from 2'],
    ['a range and a choice', { choice: [1], from: 1 }, 'rate: expected either "choice" or a range'],
  ];
  it.each(cases)('%s', (_, given, message) => {
    expect(() => readParameter('rate', given)).toThrow(message);
  });

  it('Sobol refuses more parameters than it has direction numbers', () => {
    const many = parameters(Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`p${i}`, [1, 2]])));
    expect(() => pointsOf(many, 'sobol', 0, 4)).toThrow('random or grid with more than 21 parameters');
  });
});
