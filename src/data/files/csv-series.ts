import { isFiniteSingle } from '../../core/arrays.js';
import { DataError, describe } from '../../core/errors.js';
import { dataFile, type FileSource } from './data-file.js';
import { csvTable, refuseEmpty, type CsvOptions } from './tables.js';
import { TextFile } from './text-file.js';

/** A number in a file: digits with an optional point and exponent. */
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/**
 * The numbers of a CSV file by column, with one row for each step.
 * @param options columns: the columns to read. Default: all
 * @throws DataError with line and column for a field that is not a number
 */
export async function readSeries<K extends string>(
  source: FileSource,
  options: CsvOptions<K>,
): Promise<Record<K, Float64Array>> {
  const file = new TextFile(dataFile(source));
  const found = new Map<K, number[]>();
  let steps = 0;
  for await (const { columns, row } of csvTable(file, options)) {
    steps++;
    for (const [i, name] of columns.names.entries()) {
      const field = row.fields[columns.places[i]];
      const value = NUMBER.test(field) ? Number(field) : NaN;
      if (!isFiniteSingle(value))
        throw new DataError(
          `${file.name}, line ${row.line}: expected a number in the column "${name}"` +
            `${Number.isNaN(value) ? '' : ', at most 3.4e38 (single precision)'}, got ` +
            `${describe(field)}. Choose the columns of numbers with the option columns.`,
        );
      const values = found.get(name);
      if (values) values.push(value);
      else found.set(name, [value]);
    }
  }
  refuseEmpty(file.name, steps, 'rows of numbers, one for each step');
  const series = [...found].map(([name, values]) => [name, Float64Array.from(values)] as const);
  return Object.fromEntries(series) as Record<K, Float64Array>;
}
