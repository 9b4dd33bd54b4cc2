import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../../../src/index.js';
import {
  accuracy,
  bleu,
  bleuCounts,
  classScores,
  confusionTable,
  editDistance,
  editRate,
  exactMatch,
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
} from '../../../src/graph.js';

const split = (text: string): string[] => text.toLowerCase().split(' ');

describe('classification', () => {
  // Targets 0 0 0 1 1 2, and one without a label (3).
  const wanted = [0, 0, 0, 1, 1, 2, 3];
  const predicted = [0, 0, 1, 1, 0, 1, 0];

  it('counts right answers and confusions, without targets that have no label', () => {
    expect(accuracy(predicted, wanted, 3)).toBe(3 / 6);
    expect(accuracy(predicted, wanted)).toBe(3 / 7);
    expect(confusionTable(predicted, wanted, 3)).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [0, 1, 0],
    ]);
    expect(() => confusionTable([3], [0], 3)).toThrow(OptionError);
    expect(() => accuracy([0], [0, 1])).toThrow(ShapeError);
  });

  it('has precision, recall and F1 of each class, and their means', () => {
    const { classes, macro, accuracy: right } = classScores(confusionTable(predicted, wanted, 3));
    expect(classes).toEqual([
      { precision: 2 / 3, recall: 2 / 3, f1: 4 / 6, support: 3 },
      { precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, support: 2 },
      { precision: 0, recall: 0, f1: 0, support: 1 },
    ]);
    expect(macro.f1).toBeCloseTo((4 / 6 + 2 / 5) / 3, 12);
    expect(right).toBe(0.5);
    // A class that neither occurs nor is predicted has no part in the means.
    expect(classScores([[1, 0], [0, 0]]).macro.f1).toBe(1); // prettier-ignore
  });
});

describe('edit distance', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['Saturday', 'Sunday', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['ab', 'ba', 2],
  ])('of "%s" and "%s" is %i', (a, b, distance) => {
    expect(editDistance([...a], [...b])).toBe(distance);
    expect(editDistance([...b], [...a])).toBe(distance);
  });

  it('is divided by the number of wanted symbols', () => {
    const pairs = [
      [
        [1, 2, 3],
        [1, 3],
      ],
      [[4], [4, 5, 6]],
    ] as const;
    expect(editRate(pairs)).toBe((1 + 2) / 5);
    expect(exactMatch([...pairs, [[7], [7]], [[], []]])).toBe(2 / 4);
  });
});

describe('BLEU', () => {
  const references = [
    'It is a guide to action that ensures that the military will forever heed Party commands',
    'It is the guiding principle which guarantees the military forces always being under the command of the Party',
    'It is the practical guide for the army always to heed the directions of the party',
  ].map(split);
  const first =
    'It is a guide to action which ensures that the military always obeys the commands of the party';
  const second = 'It is to insure the troops forever hearing the activity guidebook that party direct';

  it('counts n-grams as in the examples of Papineni and others (2002)', () => {
    const the = bleuCounts(split('the the the the the the the'), [
      split('The cat is on the mat'),
      split('There is a cat on the mat'),
    ]);
    expect([the[0], the[4]]).toEqual([2, 7]);
    expect([the[1], the[5]]).toEqual([0, 6]);
    const [unigrams, bigrams] = [0, 1].map((n) => {
      const counts = bleuCounts(split(first), references);
      return [counts[n], counts[4 + n]];
    });
    expect([unigrams, bigrams]).toEqual([[17, 18], [10, 17]]); // prettier-ignore
    const counts = bleuCounts(split(second), references);
    expect([counts[0], counts[4], counts[1], counts[5]]).toEqual([8, 14, 1, 13]);
  });

  it('equals that of NLTK for a sentence and a corpus, with unchanged capitals', () => {
    const cased = references.map((_, i) =>
      [
        'It is a guide to action that ensures that the military will forever heed Party commands',
        'It is the guiding principle which guarantees the military forces always being under the command of the Party',
        'It is the practical guide for the army always to heed the directions of the party',
      ][i].split(' '),
    );
    const one = { candidate: first.split(' '), references: cased };
    const two = {
      candidate: 'he read the book because he was interested in world history'.split(' '),
      references: ['he was interested in world history because he read the book'.split(' ')],
    };
    expect(bleu([one])).toBeCloseTo(0.5045666840058485, 12);
    expect(bleu([one, two])).toBeCloseTo(0.5920778868801042, 12);
  });

  it('is lower for short candidates, 1 for equal ones, and 0 if no four symbols match', () => {
    const reference = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(bleu([{ candidate: reference, references: [reference] }])).toBe(1);
    // All n-grams match, and the brevity penalty is exp(1 − 8/5).
    expect(bleu([{ candidate: [1, 2, 3, 4, 5], references: [reference] }])).toBeCloseTo(
      Math.exp(1 - 8 / 5),
      12,
    );
    expect(bleu([{ candidate: [1, 2, 3, 9, 5], references: [reference] }])).toBe(0);
    // No candidate has four symbols: the mean is over the lengths that occur, as in sacreBLEU with
    // effective_order (compute_bleu([3, 1], [4, 2], 4, 4): exp(½ (log ¾ + log ½))).
    expect(bleu([{ candidate: [1, 2, 3], references: [[1, 2, 3]] }])).toBe(1);
    const short = [
      { candidate: [1, 2], references: [[1, 2]] },
      { candidate: [3, 4], references: [[3, 5]] },
    ];
    expect(bleu(short)).toBeCloseTo(Math.sqrt(0.75 * 0.5), 12);
    expect(bleu([{ candidate: [1, 3, 2], references: [[1, 2, 3]] }])).toBe(0);
    expect(bleu([{ candidate: [], references: [[]] }])).toBe(0);
    // One longer candidate is enough for a mean over four lengths.
    expect(bleu([...short, { candidate: [1, 2, 3, 9], references: [[1, 2, 3, 4]] }])).toBe(0);
    // If two references are equally near in length, the shorter one counts.
    expect(bleuCounts([1, 2, 3], [[1, 2, 3, 4], [1, 2]])[9]).toBe(2); // prettier-ignore
  });
});

describe('regression', () => {
  it('has the mean squared error, its root, and the mean absolute error', () => {
    const [predicted, wanted] = [[1, 2, 4], [1, 4, 1]]; // prettier-ignore
    expect(meanSquaredError(predicted, wanted)).toBeCloseTo(13 / 3, 12);
    expect(rootMeanSquaredError(predicted, wanted)).toBeCloseTo(Math.sqrt(13 / 3), 12);
    expect(meanAbsoluteError(predicted, wanted)).toBeCloseTo(5 / 3, 12);
    expect(() => meanSquaredError([1], [1, 2])).toThrow(ShapeError);
  });
});
