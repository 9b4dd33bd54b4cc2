import { expect, test } from 'vitest';
import { otherPlaces, unitsThroughout } from '../../demo/src/inside/phrases.js';
import { changeSentence, phraseSentence } from '../../demo/src/inside/sentences.js';
import { changeOf, differenceOf } from '../../demo/src/training/worker/text-change.js';
import { overviewOf } from '../../demo/src/training/worker/overview.js';
import type { Inspection } from '../../src/index.js';

const row = (text: string): number[] => [...text].map((sign) => ({ '+': 100, '-': -100 })[sign] ?? 0);

test('units that are on throughout a phrase are lit, but none that is on nearly everywhere', () => {
  const rows = ['..++......++', '..--.....---', '..+.........', '++++++++++++', '............'];
  const levels = Int8Array.from(rows.flatMap(row));
  const phrase = { from: 2, to: 4 };
  const lit = unitsThroughout(levels, 12, phrase);
  expect(lit).toEqual([
    { row: 0, sign: 1 },
    { row: 1, sign: -1 },
  ]);
  expect(otherPlaces(levels, 12, lit, phrase)).toEqual([{ from: 10, to: 12, share: 1 }]);
  expect(otherPlaces(levels, 12, [], phrase)).toEqual([]);
  expect(phraseSentence('ab', 2, 1)).toBe(
    '2 units are on throughout “ab”. Most of the same ones are on here, too:',
  );
  expect(phraseSentence('ab', 0, 0)).toBe('No unit is on throughout “ab” alone.');
});

const letters = (text: string): string[] => [...text];

/** An inspection of a text with one layer, whose states are given by unit. */
function inspection(text: string, units: readonly (readonly number[])[], guesses = text): Inspection {
  const symbols = [...text];
  const H = units.length;
  return {
    symbols,
    hidden: H,
    layers: [{ h: Float32Array.from(symbols.flatMap((_, t) => units.map((unit) => unit[t]))) }],
    likeliest: [...guesses].map((symbol) => [{ symbol, probability: 1 }]),
    next: new Float32Array(symbols.length),
  };
}

test('the overview has all units, those that change slowly first, those that stand still last', () => {
  const fast = [0.5, -0.5, 0.5, -0.5];
  const slow = [-0.5, -0.5, 0.5, 0.5];
  const still = [0.3, 0.3, 0.3, 0.3];
  const { rows, levels, scales } = overviewOf(inspection('abcd', [still, fast, slow]));
  expect([...rows]).toEqual([2, 1, 0]);
  expect(levels.c).toBeUndefined();
  expect([...(levels.h ?? [])].slice(0, 4)).toEqual([-63, -63, 64, 64]);
  expect(scales).toEqual({ h: 1 });
});

test('a change is found, and what it did to states and guesses until it is forgotten', () => {
  expect(differenceOf(letters('abcd'), letters('abXd'))).toEqual({ from: 2, to: 3, shift: 0 });
  expect(differenceOf(letters('abcd'), letters('abXYcd'))).toEqual({ from: 2, to: 4, shift: 2 });
  expect(differenceOf(letters('abcd'), letters('ad'))).toEqual({ from: 1, to: 1, shift: -2 });
  expect(differenceOf(letters('aa'), letters('aaa'))).toEqual({ from: 2, to: 3, shift: 1 });
  const before = inspection('abcde', [[0, 0, 0, 0, 0]], 'vwxyz');
  const now = inspection('aXcde', [[0, 0.8, 0.4, 0, 0]], 'vqxkz');
  const changed = changeOf(before, now);
  expect(changed).toMatchObject({
    from: 1,
    to: 2,
    guesses: [
      { position: 1, before: 'w' },
      { position: 3, before: 'y' },
    ],
  });
  expect([...changed.states].map((one) => Number(one.toFixed(2)))).toEqual([0, 0.8, 0.4, 0, 0]);
  expect(changeSentence({ ...now, changed })).toBe(
    'Colour: how far the states are from those before the change. After one more character the states are as ' +
      'they were: it is forgotten. 2 first guesses are different: after “X” “q” in place of “w”; after “d” “k” ' +
      'in place of “y”.',
  );
  // What was not there before cannot be compared.
  expect(
    [...changeOf(before, inspection('abXYcde', [[0, 0, 1, 1, 0, 0, 0]])).states].map(Number.isNaN),
  ).toEqual([false, false, true, true, false, false, false]);
});
