import { onlyKnown, wholeNumber } from '../core/options.js';
import { DataError } from '../core/errors.js';
import { isListOfValues, wrongValue, type Column } from './column.js';
import { features, type StepsField } from './number-columns.js';
import type { Stats } from './stats.js';
import type { RowField } from './token-columns.js';

/** What `series` takes. */
export interface SeriesOptions {
  /** C: number of series. */
  readonly size: number;
  /** Of each series. */
  readonly normalize: Stats;
}

/**
 * A window of C series side by side: `x` [T,N,C] and `lengths` [N]. The record's entry is a list of C
 * series of equal length, as `slidingWindows` takes them; where C is 1 also the series itself.
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

/** `[T,C]`: the series side by side, as numbers that the column of features reads. */
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
