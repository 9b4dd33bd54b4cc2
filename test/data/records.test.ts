import { describe, expect, it } from 'vitest';
import { DataError, labels, OptionError, records } from '../../src/index.js';
import { restored, standardized, statsOf } from '../../src/graph.js';

const rows = Array.from({ length: 40 }, (_, i) => ({ id: i, label: i % 4 === 0 ? 'rare' : 'common' }));

describe('records', () => {
  it('are held out by a seed, are in one part only, and keep their order', () => {
    const all = records.of(rows);
    const { train, validation } = all.split(0.25, { seed: 3 });
    const ids = (part: Iterable<{ id: number }>): number[] => [...part].map(({ id }) => id);
    expect([train.length, validation.length]).toEqual([30, 10]);
    expect([...ids(train), ...ids(validation)].sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
    expect(ids(validation)).toEqual([...ids(validation)].sort((a, b) => a - b));
    expect(ids(records.of(rows).split(0.25, { seed: 3 }).validation)).toEqual(ids(validation));
    expect(ids(all.split(0.25, { seed: 4 }).validation)).not.toEqual(ids(validation));
    expect(validation.numberOf(0)).toBe(validation.at(0).id);
  });

  it('keep the share of each value if they are stratified', () => {
    for (const stratify of ['label', (row: { label: string }) => row.label === 'rare'] as const)
      for (const seed of [0, 1, 2]) {
        const { train, validation } = records.of(rows).split(0.2, { seed, stratify });
        const rare = (part: Iterable<{ label: string }>): number =>
          [...part].filter(({ label }) => label === 'rare').length;
        expect([validation.length, rare(validation), rare(train)]).toEqual([8, 2, 8]);
      }
  });

  it('take their statistics from the training part, also if a part is split again', () => {
    const all = records.of(rows);
    const { train, validation } = all.split(0.5);
    const { train: development, validation: test } = validation.split(0.5);
    expect(all.reference).toBe(all);
    expect(validation.reference).toBe(train);
    expect([development.reference, test.reference]).toEqual([train, train]);
    const folds = train.split(0.5);
    expect(folds.validation.reference).toBe(folds.train);
  });

  it('refuse values other than a list of objects, and parts without records', () => {
    expect(() => records.of([])).toThrow('There are no records: the list is empty.');
    expect(() => records.of([5] as unknown as object[])).toThrow('Record 0: expected an object');
    expect(() => records.of('abc' as unknown as object[])).toThrow(OptionError);
    expect(() => records.of(rows.slice(0, 1)).split(0.5)).toThrow(
      'A share of 0.5 splits 1 records into 0 and 1: both parts need at least one.',
    );
    expect(() => records.of(rows).split(1)).toThrow(OptionError);
    expect(() => records.of([{ a: [] }, { a: [] }]).split(0.5, { stratify: 'a' })).toThrow(
      'stratify: expected an entry that is a text, a number, true or false, but in record 0 it is []',
    );
  });
});

describe('labels', () => {
  it('have ids in their order', () => {
    const names = labels(new Set(['no', 'yes', 'no']));
    expect([names.size, names.id('yes')]).toEqual([2, 1]);
    expect(labels(JSON.parse(JSON.stringify(names)) as string[]).names).toEqual(['no', 'yes']);
    expect(() => names.id('maybe')).toThrow('"maybe" is not among the labels no, yes');
  });

  it('are refused if they are empty, repeated, or not names', () => {
    expect(() => labels([])).toThrow('Labels need at least one name');
    expect(() => labels(['a', 'b', 'a'])).toThrow('The label "a" is in the list twice');
    expect(() => labels([1] as unknown as string[])).toThrow(DataError);
    expect(() => labels('abc')).toThrow(OptionError);
  });
});

describe('statistics', () => {
  it('are means and population deviations by feature, and can be inverted', () => {
    // Feature 0: 1, 3, 5, 7, mean 4, squares 9 + 1 + 1 + 9 = 20, deviation √5. Feature 1 is constant.
    const values = [Float32Array.of(1, 2, 3, 2), Float32Array.of(5, 2, 7, 2)];
    const stats = statsOf(values, 2);
    expect(stats.mean).toEqual([4, 2]);
    expect(stats.deviation[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect(stats.deviation[1]).toBe(1);
    const scaled = standardized(values[0], stats);
    expect(scaled[0]).toBeCloseTo(-3 / Math.sqrt(5), 6);
    // Single precision rounds twice.
    for (const [i, value] of restored(scaled, stats).entries()) expect(value).toBeCloseTo(values[0][i], 6);
    expect(() => statsOf([], 2)).toThrow(DataError);
  });

  it('are precise for a large mean', () => {
    const { deviation } = statsOf([Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3)], 1);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 9);
  });
});
