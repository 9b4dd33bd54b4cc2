import { OptionError, ShapeError } from '../../core/errors.js';
import { checkNumberList, wholeNumber } from '../../core/options.js';
import type { Table } from '../../train/evaluation-measures.js';

/** How well one class is found. */
export interface ClassScore {
  /** Of what was taken for the class, the share that is of it: TP / (TP + FP); 0 for nothing. */
  readonly precision: number;
  /** Of what is of the class, the share that was found: TP / (TP + FN); 0 for nothing. */
  readonly recall: number;
  /** Harmonic mean of both: 2·TP / (2·TP + FP + FN); 0 for nothing. */
  readonly f1: number;
  /** How many are of the class. */
  readonly support: number;
}

/** Scores of all classes (van Rijsbergen, "Information Retrieval", 1979, chapter 7). */
export interface ClassScores {
  /** By id. */
  readonly classes: readonly ClassScore[];
  /** Means over the classes that occur or were predicted, each with the same weight. */
  readonly macro: Omit<ClassScore, 'support'>;
  /** Share of right answers; of single labels also micro precision, recall and F1. */
  readonly accuracy: number;
}

/** @throws OptionError for what is no list, ShapeError for lists of unequal length */
export function checkPairs(predicted: ArrayLike<unknown>, wanted: ArrayLike<unknown>): void {
  checkNumberList('predicted', predicted);
  checkNumberList('wanted', wanted);
  if (predicted.length !== wanted.length)
    throw new ShapeError(`There are ${predicted.length} predictions for ${wanted.length} targets.`);
}

/**
 * Share of ids that were predicted right; NaN if none counts.
 * @param classes K: targets with an id from K on do not count. Default: all count
 */
export function accuracy(
  predicted: ArrayLike<number>,
  wanted: ArrayLike<number>,
  classes = Infinity,
): number {
  checkPairs(predicted, wanted);
  let [right, count] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] >= classes) continue;
    count++;
    if (predicted[i] === wanted[i]) right++;
  }
  return right / count;
}

/**
 * How often each class was taken for each: entry [i][j] counts targets i that were predicted as j.
 * Targets from K on do not count.
 * @param classes K
 * @throws OptionError for a prediction that is no id below K
 */
export function confusionTable(
  predicted: ArrayLike<number>,
  wanted: ArrayLike<number>,
  classes: number,
): number[][] {
  checkPairs(predicted, wanted);
  const K = wholeNumber('classes', classes);
  const table = Array.from({ length: K }, () => new Array<number>(K).fill(0));
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] >= K) continue;
    if (!(predicted[i] in table)) throw new OptionError(`predicted[${i}]`, predicted[i], `an id below ${K}`);
    table[wanted[i]][predicted[i]]++;
  }
  return table;
}

/** Precision, recall and F1 of a confusion table. */
export function classScores(table: Table): ClassScores {
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j], 0));
  const classes = table.map((row, i): ClassScore => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return {
      precision: share(row[i], columns[i]),
      recall: share(row[i], support),
      f1: share(2 * row[i], columns[i] + support),
      support,
    };
  });
  const seen = classes.filter(({ support }, i) => support + columns[i] > 0);
  const mean = (key: keyof ClassScore): number =>
    seen.reduce((sum, score) => sum + score[key], 0) / Math.max(1, seen.length);
  const right = table.reduce((sum, row, i) => sum + row[i], 0);
  const count = classes.reduce((sum, { support }) => sum + support, 0);
  return {
    classes,
    macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
    accuracy: right / count,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
