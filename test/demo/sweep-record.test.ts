import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSweep, valueOf } from '../../demo/src/sweep/record.js';
import { numberScale, optionScale } from '../../demo/src/sweep/scale.js';
import { sweep as en } from '../../demo/src/words/en/sweep.js';
import { sweep as zh } from '../../demo/src/words/zh/sweep.js';
import { isBetter } from '../../src/sweep/index.js';

const text = readFileSync(new URL('../golden/sweep/own.journal', import.meta.url), 'utf8');

describe('a record as drawings have it', () => {
  it('has the best trials first, with a curve each, and the options that mattered most first', () => {
    const { trials, spec, options, importances } = readSweep(text, 'a.journal');
    const values = trials.map(valueOf).filter((value) => !Number.isNaN(value));
    expect(values.length).toBeGreaterThan(2);
    for (let i = 1; i < values.length; i++)
      expect(isBetter(spec.objective, values[i], values[i - 1])).toBe(false);
    expect(trials[0].values.size).toBeGreaterThan(0);
    expect(options).toEqual(importances.map(({ name }) => name));
    expect([...options].sort()).toEqual(Object.keys(spec.parameters).sort());
  });

  it('leaves a line out that is being written, and refuses what is no record', () => {
    const whole = readSweep(text, 'a.journal').trials.length;
    expect(readSweep(`${text}{"op_code": 4, "stu`, 'a.journal').trials).toHaveLength(whole);
    expect(() => readSweep('not a record\n', 'b.txt')).toThrow(
      '"b.txt" is not a record of a sweep: line 1 is not an operation of Optuna\'s journal.',
    );
    const foreign = '{"op_code":0,"worker_id":"w","study_name":"s","directions":[1]}\n';
    expect(() => readSweep(foreign, 'c')).toThrow(/it stores no sweep/);
    const opening = text.split('\n').slice(0, 2).join('\n');
    expect(() => readSweep(`${opening}\n`, 'd')).toThrow(/has no trial yet/);
  });
});

describe('scales', () => {
  it('give options with few values a place for each, in order', () => {
    const { place, ticks } = optionScale([64, 32, 128, 32]);
    expect([32, 64, 128].map(place)).toEqual([1 / 6, 0.5, 5 / 6]);
    expect(ticks.map(({ label }) => label)).toEqual(['32', '64', '128']);
    expect(optionScale(['gru', 'lstm', true]).ticks.map(({ label }) => label)).toEqual([
      'gru',
      'lstm',
      'true',
    ]);
  });

  it('are logarithmic where numbers span a decade, and have no place for what is not finite', () => {
    const wide = numberScale([1, 10, 100]);
    expect([1, 10, 100].map(wide.place)).toEqual([0, 0.5, 1]);
    const narrow = numberScale([1, 2, 3, Infinity]);
    expect([1, 2, 3].map(narrow.place)).toEqual([0, 0.5, 1]);
    expect(narrow.place(Infinity)).toBeNaN();
    expect(numberScale([5, 5]).place(5)).toBe(0.5);
    expect(numberScale([NaN]).ticks).toHaveLength(3);
  });
});

it('both languages have all texts, and the Chinese ones differ', () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const [key, own] of Object.entries(en))
    if (typeof own === 'string') expect(zh[key as keyof typeof zh], key).not.toBe(own);
});
