import { DataError, OptionError } from '../core/errors.js';
import { checkNumberList, wholeNumber } from '../core/options.js';

/** Means and deviations of C features, as plain data for checkpoints. */
export interface Stats {
  /** `[C]` */
  readonly mean: readonly number[];
  /** `[C]`: standard deviations. 1 for a feature that does not vary. */
  readonly deviation: readonly number[];
}

/** How numbers are scaled: by the statistics of the training records, or by your own. */
export type Normalize = 'standard' | Stats;

/**
 * Means and population deviations, by Welford's recurrence (Technometrics 4/3, 1962), which keeps
 * its precision for large means.
 * @param rows arrays [·,size] of whole rows, row-major
 * @param size C: number of features
 * @throws DataError if there is no row
 */
export function statsOf(rows: Iterable<ArrayLike<number>>, size: number): Stats {
  if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows))
    throw new OptionError('rows', rows, 'a list of lists of numbers');
  wholeNumber('size', size);
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  for (const values of rows)
    for (let start = 0; start < values.length; start += size) {
      count++;
      for (let c = 0; c < size; c++) {
        const distance = values[start + c] - mean[c];
        mean[c] += distance / count;
        squares[c] += distance * (values[start + c] - mean[c]);
      }
    }
  if (count === 0) throw new DataError('There are no numbers: means and deviations need at least one.');
  const deviation = Array.from(squares, (sum) => Math.sqrt(sum / count) || 1);
  return { mean: [...mean], deviation };
}

/** (x − mean) / deviation. @param values `[·,C]`, whole rows of C features */
export function standardized(values: ArrayLike<number>, stats: Stats): Float32Array {
  const { mean, deviation } = checkedStats(values, stats);
  const C = mean.length;
  return Float32Array.from(values, (value, i) => (value - mean[i % C]) / deviation[i % C]);
}

/** x · deviation + mean, the inverse of `standardized`. @param values `[·,C]`, whole rows */
export function restored(values: ArrayLike<number>, stats: Stats): Float32Array {
  const { mean, deviation } = checkedStats(values, stats);
  const C = mean.length;
  return Float32Array.from(values, (value, i) => value * deviation[i % C] + mean[i % C]);
}

/**
 * Checks both and returns the statistics.
 * @throws OptionError for values or statistics of another form
 */
function checkedStats(values: unknown, stats: unknown): Stats {
  checkNumberList('values', values);
  const { mean } = (typeof stats === 'object' && stats !== null ? stats : {}) as Partial<Stats>;
  if (!Array.isArray(mean)) throw new OptionError('stats', stats, 'statistics { mean, deviation }');
  checkNormalize(stats, mean.length);
  return stats as Stats;
}

/** @throws OptionError unless `normalize` can scale `size` features */
export function checkNormalize(normalize: unknown, size: number): asserts normalize is Normalize | undefined {
  if (normalize === undefined || normalize === 'standard') return;
  const { mean, deviation } = (
    typeof normalize === 'object' && normalize !== null ? normalize : {}
  ) as Partial<Stats>;
  const isList = (list: unknown): list is readonly number[] =>
    Array.isArray(list) && list.length === size && list.every(Number.isFinite);
  if (!isList(mean) || !isList(deviation) || deviation.some((value) => value <= 0))
    throw new OptionError(
      'normalize',
      normalize,
      `'standard', or { mean, deviation } with ${size} numbers each, deviations above 0`,
    );
}
