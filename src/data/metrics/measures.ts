import { perplexityOf, type Measure } from '../../train/evaluation-measures.js';
import { bleuCounts, bleuOfCounts } from './bleu.js';
import { confusionTable } from './classification.js';
import { meanAbsoluteError, meanSquaredError } from './regression.js';
import { editDistance, isExactMatch, type SequencePair } from './sequences.js';

/**
 * Measures for `Model.measure`. Their arguments belong to one batch, without padding. An evaluation
 * adds up the sums of all batches and then computes the result.
 */

/** The quotient of two sums, such as right answers / answers. */
export function ratioMeasure(part: number, whole: number): Measure {
  return { sums: [part, whole], result: ([parts, wholes]) => parts / wholes };
}

/** Perplexity, exp(mean loss), for a loss that is a cross-entropy. */
export function perplexityMeasure(): Measure {
  return { sums: [], result: (_, { loss }) => perplexityOf(loss) };
}

/** The `confusionTable` [K,K] of all batches, one of `Evaluation.tables`. @param classes K */
export function confusionMeasure(
  predicted: ArrayLike<number>,
  wanted: ArrayLike<number>,
  classes: number,
): Measure {
  return {
    sums: confusionTable(predicted, wanted, classes).flat(),
    result: (sums) => Array.from({ length: classes }, (_, i) => sums.slice(i * classes, (i + 1) * classes)),
  };
}

/**
 * `mse`, `rmse` and `mae` of predictions. Use `restored` first for errors in the units of the
 * unscaled numbers.
 */
export function regressionMeasures(
  predicted: ArrayLike<number>,
  wanted: ArrayLike<number>,
): Readonly<Record<'mse' | 'rmse' | 'mae', Measure>> {
  const count = wanted.length;
  const squares = count === 0 ? 0 : count * meanSquaredError(predicted, wanted);
  const distances = count === 0 ? 0 : count * meanAbsoluteError(predicted, wanted);
  return {
    mse: ratioMeasure(squares, count),
    rmse: { sums: [squares, count], result: ([sum, n]) => Math.sqrt(sum / n) },
    mae: ratioMeasure(distances, count),
  };
}

/** `exactMatch`, `editDistance` (per wanted symbol) and `bleu` of generated sequences. */
export function sequenceMeasures(
  pairs: readonly SequencePair[],
): Readonly<Record<'exactMatch' | 'editDistance' | 'bleu', Measure>> {
  const bleuSums = pairs.reduce<readonly number[]>(
    (sums, [generated, wanted]) => {
      const counts = bleuCounts(generated, [wanted]);
      return counts.map((count, i) => count + (sums[i] ?? 0));
    },
    bleuCounts([], [[]]),
  );
  return {
    exactMatch: ratioMeasure(pairs.filter(([a, b]) => isExactMatch(a, b)).length, pairs.length),
    editDistance: ratioMeasure(
      pairs.reduce((sum, [generated, wanted]) => sum + editDistance(generated, wanted), 0),
      pairs.reduce((sum, [, wanted]) => sum + wanted.length, 0),
    ),
    bleu: { sums: bleuSums, result: (sums) => bleuOfCounts(sums) },
  };
}
