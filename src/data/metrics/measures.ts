import { perplexityOf, type Measure } from '../../train/evaluation-measures.js';
import { bleuCounts, bleuOfCounts } from './bleu.js';
import { confusionTable } from './classification.js';
import { meanAbsoluteError, meanSquaredError } from './regression.js';
import { editDistance, isExactMatch, type SequencePair } from './sequences.js';

/**
 * Measures for `Model.measure`, which evaluations add up over batches. Arguments are those of one
 * batch, padding left out.
 */

/** A share of two sums: right answers of all answers, distances of all symbols. */
export function ratioMeasure(part: number, whole: number): Measure {
  return { sums: [part, whole], result: ([parts, wholes]) => parts / wholes };
}

/** exp(mean loss), where losses are cross-entropies. */
export function perplexityMeasure(): Measure {
  return { sums: [], result: (_, { loss }) => perplexityOf(loss) };
}

/** The table of `confusionTable` over all batches: one of `Evaluation.tables`. */
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
 * `mse`, `rmse` and `mae` of predictions. For errors in the numbers' own units, undo their scaling
 * first (`restored`).
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

/** `exactMatch`, `editDistance` per wanted symbol, and `bleu` of generated sequences. */
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
