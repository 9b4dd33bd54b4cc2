import { describe, expect, it } from 'vitest';
import { OptionError, type Records } from '../../src/index.js';
import { toys } from '../../src/graph.js';

const rowsOf = <R extends object>(records: Records<R>): R[] => [...records];

describe('made-up records', () => {
  it('are equal for equal seeds and differ for different seeds', () => {
    const make = [
      (seed: number) => rowsOf(toys.reversing({ count: 5, seed })),
      (seed: number) => rowsOf(toys.adding({ count: 5, seed })),
      (seed: number) => rowsOf(toys.occurrences({ count: 5, seed })),
      (seed: number) => rowsOf(toys.negation({ count: 6, seed })),
      (seed: number) => rowsOf(toys.scenes({ count: 5, seed })),
      (seed: number) => toys.sensors({ steps: 5, seed }),
    ];
    for (const rows of make) {
      expect(rows(1)).toEqual(rows(1));
      expect(rows(1)).not.toEqual(rows(2));
    }
  });

  it('reverse strings of all lengths', () => {
    const rows = rowsOf(toys.reversing({ count: 200, shortest: 2, longest: 5, symbols: 'xyz' }));
    for (const { source, target } of rows) {
      expect(source).toMatch(/^[xyz]{2,5}$/);
      expect([...target].reverse().join('')).toBe(source);
    }
    expect(new Set(rows.map(({ source }) => source.length))).toEqual(new Set([2, 3, 4, 5]));
    expect(() => toys.reversing({ count: 1, shortest: 5, longest: 4 })).toThrow(OptionError);
  });

  it('have the sum of two marked numbers, one in each half; a constant answer has the error 1/6', () => {
    const rows = rowsOf(toys.adding({ count: 2000, time: 7 }));
    for (const { steps, sum } of rows) {
      const marked = Array.from({ length: 7 }, (_, t) => t).filter((t) => steps[2 * t + 1] === 1);
      expect(marked).toHaveLength(2);
      expect(marked[0]).toBeLessThan(3);
      expect(marked[1]).toBeGreaterThanOrEqual(3);
      expect(sum).toBe(steps[2 * marked[0]] + steps[2 * marked[1]]);
    }
    const guessing = rows.reduce((total, { sum }) => total + (sum - 1) ** 2, 0) / rows.length;
    // 1/6 with a standard error of √(7/180 / 2000) = 0.0044.
    expect(Math.abs(guessing - 1 / 6)).toBeLessThan(0.02);
  });

  it('tag each letter as the only, first, middle or last one of its kind', () => {
    const rows = rowsOf(toys.occurrences({ count: 300 }));
    for (const { text, tags } of rows)
      for (const letter of new Set(text)) {
        const own = tags.filter((_, t) => text[t] === letter);
        const middle = own.slice(1, -1).map(() => 'middle');
        expect(own).toEqual(own.length === 1 ? ['only'] : ['first', ...middle, 'last']);
      }
    // Both directions are needed: neither the text before a letter nor the text after it decides its tag.
    const beginnings = rows.map(({ text, tags }) => [text.slice(0, 2), tags[1]] as const);
    const ends = rows.map(({ text, tags }) => [text.slice(-2), tags[tags.length - 2]] as const);
    for (const known of [beginnings, ends]) {
      const seen = new Map<string, Set<string>>();
      for (const [part, tag] of known) seen.set(part, (seen.get(part) ?? new Set()).add(tag));
      expect([...seen.values()].every((tags) => tags.size > 1)).toBe(true);
    }
  });

  it('negate one of two words, so that every bag of words has both labels equally often', () => {
    const rows = rowsOf(toys.negation({ count: 400 }));
    const balance = new Map<string, number>();
    for (const { text, label } of rows) {
      const isGood = (clause: string): boolean =>
        /good|lovely|clever|funny/.test(clause) !== clause.includes(' not ');
      const clauses = text.split(' and ');
      expect(clauses.map(isGood)).toEqual([label === 'positive', label === 'positive']);
      const bag = text.split(' ').sort().join(' ');
      balance.set(bag, (balance.get(bag) ?? 0) + (label === 'positive' ? 1 : -1));
    }
    expect([...balance.values()].every((sum) => sum === 0)).toBe(true);
    expect(() => toys.negation({ count: 3 })).toThrow(OptionError);
  });

  it('have scenes in which every named thing is at its place', () => {
    const F = toys.sceneFeatures;
    const names = ['red', 'green', 'blue', 'circle', 'square', 'star'];
    for (const { grid, caption, places } of toys.scenes({ count: 100, side: 4, things: 3 })) {
      expect(grid).toHaveLength(16 * F);
      const words = caption.split(' ');
      expect(words).toHaveLength(places.length);
      expect(grid.reduce((sum, value) => sum + value, 0)).toBe(6);
      for (const [i, word] of words.entries()) {
        const place = places[i];
        if (place === null) expect(word).toBe('and');
        else expect(grid[place * F + names.indexOf(word)]).toBe(1);
      }
      const order = places.filter((place) => place !== null);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });

  it('have three series of weather, in which humidity falls when temperature rises', () => {
    const [temperature, humidity, pressure] = toys.sensors({ steps: 500 });
    expect([temperature.length, humidity.length, pressure.length]).toEqual([500, 500, 500]);
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = (a: Float32Array, b: Float32Array): number => {
      const [ofA, ofB] = [mean(a), mean(b)];
      return mean(a.map((value, i) => (value - ofA) * (b[i] - ofB)));
    };
    const correlation = (a: Float32Array, b: Float32Array): number =>
      covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
    expect(correlation(temperature, humidity)).toBeLessThan(-0.9);
    // The daily cycle: half a day later the temperature has the opposite deviation.
    expect(correlation(temperature.slice(0, 488), temperature.slice(12))).toBeLessThan(-0.5);
  });
});
