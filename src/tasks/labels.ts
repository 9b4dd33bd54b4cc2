import { OptionError } from '../core/errors.js';
import { confusionMeasure } from '../data/metrics/measures.js';
import type { BatchMeasures } from '../train/evaluation-measures.js';

/** The names of K classes: id k is `names[k]`. */
export interface LabelNames {
  readonly names: readonly string[];
}

/** The names, checked. @throws OptionError for none, or the same twice */
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

/** Index of the largest of `count` values from `start`, the first of equal ones. */
export function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** How many targets below K are the likeliest of their row of logits [R,K]. */
export function countRight(logits: ArrayLike<number>, targets: ArrayLike<number>, K: number): number {
  let right = 0;
  for (let r = 0; r < targets.length; r++)
    if (targets[r] < K && likeliest(logits, r * K, K) === targets[r]) right++;
  return right;
}

/** Labels of a confusion table at most: nobody reads a larger one. */
const MOST_IN_TABLE = 100;

/** `accuracy`, and the table `confusion`: how often label i was taken for label j. */
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
    ...(K <= MOST_IN_TABLE ? { confusion: confusionMeasure(predicted, wanted, K) } : {}),
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
