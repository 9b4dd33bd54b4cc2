import { OptionError } from '../core/errors.js';
import { confusionMeasure } from '../data/metrics/measures.js';
import type { BatchMeasures } from '../train/evaluation-measures.js';

/** The names of K classes: id k is `names[k]`. */
export interface LabelNames {
  readonly names: readonly string[];
}

/** Returns the names. @throws OptionError for an empty list or a repeated name */
export function namesOf(labels: LabelNames): readonly string[] {
  const { names } = typeof labels === 'object' && labels !== null ? labels : ({} as Partial<LabelNames>);
  const fits =
    Array.isArray(names) &&
    names.length >= 1 &&
    names.every((name) => typeof name === 'string') &&
    new Set(names).size === names.length;
  if (!fits) throw new OptionError('labels', labels, 'an object with names: one or more different texts');
  return names;
}

/** Index, from `start`, of the largest of `count` values; of equal ones the first. */
export function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** Number of targets below K that are the likeliest label of their row. @param logits [R,K] */
export function countRight(logits: ArrayLike<number>, targets: ArrayLike<number>, K: number): number {
  let right = 0;
  for (let r = 0; r < targets.length; r++)
    if (targets[r] < K && likeliest(logits, r * K, K) === targets[r]) right++;
  return right;
}

/** Largest number of labels with a confusion table. A larger one is unreadable. */
const MAX_TABLE_LABELS = 100;

/** `accuracy`, and the table `confusion`: entry [i][j] counts labels i that were predicted as j. */
export function labelMeasures(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  K: number,
): BatchMeasures {
  const rows = Array.from({ length: targets.length }, (_, r) => r).filter((r) => targets[r] < K);
  const predicted = rows.map((r) => likeliest(logits, r * K, K));
  const wanted = rows.map((r) => targets[r]);
  return {
    accuracy: predicted.filter((label, i) => label === wanted[i]).length,
    ...(K <= MAX_TABLE_LABELS ? { confusion: confusionMeasure(predicted, wanted, K) } : {}),
  };
}

/** exp(x) / Σ exp(x) over `count` values from `start`. */
export function softmaxOf(values: ArrayLike<number>, start: number, count: number): number[] {
  const row = Array.from({ length: count }, (_, k) => values[start + k]);
  const largest = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
