import { onlyKnown, wholeNumber } from '../core/options.js';
import { DataError } from '../core/errors.js';
import { isListOfValues, wrongValue, type Column } from './column.js';
import { features, type StepsField } from './number-columns.js';
import type { Stats } from './stats.js';
import type { RowField } from './token-columns.js';

/** Options of `series`. */
export interface SeriesOptions {
  /** C: number of series. */
  readonly size: number;
  /** Mean and deviation of each series. */
  readonly normalize: Stats;
}

/**
 * A window of C series: `x` [T,N,C] and `lengths` [N]. The entry of the record is a list of C
 * series of equal length, in the same form as for `slidingWindows`. With C = 1 it may also be the
 * series itself.
 */
export function series(
  name: string,
  options: SeriesOptions,
): Column<{ x: StepsField<'T'>; lengths: RowField }> {
  onlyKnown('series', options, ['size', 'normalize']);
  const { normalize } = options;
  const size = wholeNumber('size', options.size);
  const steps = features(name, { size, normalize });
  const title = `series("${name}")`;
  return {
    ...steps,
    title,
    toJSON: () => ({ kind: 'series', name, size, normalize }),
    encode: (value, where) => steps.encode(stepsOf(value, where, title, size), where),
  };
}

/** `[T,C]`: the C series interleaved step by step, as the column of features reads them. */
function stepsOf(value: unknown, where: string, title: string, C: number): unknown[] {
  const wanted = C === 1 ? 'one series of numbers' : `${C} series of numbers`;
  if (!isListOfValues(value)) throw wrongValue(where, title, wanted, value);
  const list = Array.from(value);
  const all = C === 1 && !list.some(isListOfValues) ? [value] : list;
  if (all.length !== C || !all.every(isListOfValues)) throw wrongValue(where, title, wanted, value);
  const lengths = all.map(({ length }) => length);
  if (lengths.some((length) => length !== lengths[0]))
    throw new DataError(
      `${where}: ${title} reads ${wanted} of equal length, but they have ${lengths.join(', ')} steps.`,
    );
  return Array.from({ length: lengths[0] * C }, (_, i) => all[i % C][Math.floor(i / C)]);
}
