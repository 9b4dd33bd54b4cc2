import { OptionError, ShapeError } from '../../core/errors.js';
import { checkNumberList, wholeNumber } from '../../core/options.js';
import type { Table } from '../../train/evaluation-measures.js';

/** Scores of one class. A score is 0 where its denominator is 0. */
export interface ClassScore {
  /** Share of right predictions among the predictions of the class: TP / (TP + FP). */
  readonly precision: number;
  /** Share of right predictions among the targets of the class: TP / (TP + FN). */
  readonly recall: number;
  /** Harmonic mean of both: 2·TP / (2·TP + FP + FN). */
  readonly f1: number;
  /** Number of targets of the class. */
  readonly support: number;
}

/** Scores of all classes (van Rijsbergen, "Information Retrieval", 1979, chapter 7). */
export interface ClassScores {
  /** By id of the class. */
  readonly classes: readonly ClassScore[];
  /** Means over the classes that occur or were predicted. All have the same weight. */
  readonly macro: Omit<ClassScore, 'support'>;
  /** Share of right predictions. It equals micro precision, recall and F1. */
  readonly accuracy: number;
}

/** @throws OptionError unless both are lists of numbers, ShapeError for lists of unequal length */
export function checkPairs(predicted: ArrayLike<unknown>, wanted: ArrayLike<unknown>): void {
  checkNumberList('predicted', predicted);
  checkNumberList('wanted', wanted);
  if (predicted.length !== wanted.length)
    throw new ShapeError(`There are ${predicted.length} predictions for ${wanted.length} targets.`);
}

/**
 * Share of right predictions. NaN if no target counts.
 * @param predicted ids
 * @param wanted ids, as many
 * @param classes K: targets with an id of K or more do not count. Default: all count
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
 * The confusion table [K,K]: entry [i][j] is the number of targets i that were predicted as j.
 * Targets with an id of K or more do not count.
 * @param classes K
 * @throws OptionError for a prediction that is not an id below K
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
