import { DataError, OptionError } from '../../core/errors.js';
import { checkText, onlyKnown } from '../../core/options.js';
import { csvRows, type TableRow } from './csv-rows.js';
import { dataFile, type FileSource } from './data-file.js';
import { TextFile } from './text-file.js';

/** The content of a file of records. */
export interface ReadRows<R extends object> {
  readonly rows: R[];
  readonly warnings: readonly string[];
  readonly origin?: Origin;
}

/** The file that records come from. */
export interface Origin {
  readonly file: string;
  /** The line where each record starts, from 1. */
  readonly lines: ArrayLike<number>;
}

/** Options of `records.csv` and `records.series`. */
export interface CsvOptions<K extends string = string> {
  /** Whether the first row names the columns. Default true. */
  readonly header?: boolean;
  /**
   * With a header: the columns to keep. Default: all. Without a header: the names of the columns,
   * from the first.
   */
  readonly columns?: readonly K[];
  /** The character between fields. Default: a comma. */
  readonly separator?: string;
}

/** Options of `records.tsv`. */
export interface TsvOptions {
  /** Whether the first line names the columns. Default false. */
  readonly header?: boolean;
}

/** The columns to read, each with its place in a row. */
export interface TableColumns<K extends string> {
  readonly names: readonly K[];
  readonly places: readonly number[];
}

/** @throws OptionError unless `names` is a list of different names */
export function checkColumnNames(names: unknown): asserts names is readonly string[] {
  const isList = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isList || new Set(names).size !== names.length)
    throw new OptionError(
      'columns',
      names,
      "a list of different names of columns, such as ['source', 'target']",
    );
}

/**
 * Returns the separator.
 * @throws OptionError unless it is one character, and not a quote or a line end
 */
function separatorOf(separator: unknown): string {
  checkText('separator', separator);
  if ([...separator].length !== 1 || '"\r\n\uFEFF'.includes(separator))
    throw new OptionError('separator', separator, "one character other than a quote, such as ',' or ';'");
  return separator;
}

/**
 * The rows of a CSV file without its header, each with the columns to read.
 * @throws DataError for a missing column, a column that the header names twice, and a row with
 *   another number of fields than the first
 */
export async function* csvTable<K extends string>(
  file: TextFile,
  options: CsvOptions<K>,
): AsyncGenerator<{ readonly columns: TableColumns<K>; readonly row: TableRow }, void> {
  onlyKnown('csv', options, ['header', 'columns', 'separator']);
  const { header = true, columns: wanted } = options;
  if (typeof header !== 'boolean') throw new OptionError('header', header, 'true or false');
  if (wanted !== undefined || !header) checkColumnNames(wanted);
  let columns: TableColumns<K> | undefined;
  let first: TableRow | undefined;
  for await (const row of csvRows(file, separatorOf(options.separator ?? ','))) {
    first ??= row;
    columns ??= header ? namedColumns(file.name, row, wanted) : firstColumns(file.name, row, wanted ?? []);
    if (row === first && header) continue;
    if (row.fields.length !== first.fields.length)
      throw new DataError(
        `${file.name}, line ${row.line}: expected ${plural(first.fields.length, 'field')} as in line ` +
          `${first.line}${header ? `, the header (${first.fields.join(', ')})` : ''}, but there ` +
          `${row.fields.length === 1 ? 'is' : 'are'} ${row.fields.length}.`,
      );
    yield { columns, row };
  }
}

function namedColumns<K extends string>(
  name: string,
  { fields, line }: TableRow,
  wanted: readonly K[] | undefined,
): TableColumns<K> {
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice !== undefined)
    throw new DataError(
      `${name}, line ${line}: the header names the column "${twice}" twice. Rename one of them.`,
    );
  const names = wanted ?? (fields as readonly K[]);
  const places = names.map((column) => fields.indexOf(column));
  const missing = names.filter((_, i) => places[i] < 0);
  if (missing.length > 0)
    throw new DataError(
      `${name} has no column ${missing.map((column) => `"${column}"`).join(', ')}. Its header (line ` +
        `${line}) names ${fields.map((field) => `"${field}"`).join(', ')}.`,
    );
  return { names, places };
}

function firstColumns<K extends string>(
  name: string,
  { fields, line }: TableRow,
  names: readonly K[],
): TableColumns<K> {
  if (fields.length < names.length)
    throw new DataError(
      `${name}, line ${line}: expected at least ${plural(names.length, 'field')} (${names.join(', ')}), ` +
        `but there ${fields.length === 1 ? 'is' : 'are'} ${fields.length}.`,
    );
  return { names, places: [...names.keys()] };
}

/** Records of a CSV file. @throws DataError for a file without rows, and see `csvTable` */
export async function readCsv<K extends string>(
  source: FileSource,
  options: CsvOptions<K>,
): Promise<ReadRows<Record<K, string>>> {
  const file = new TextFile(dataFile(source));
  const rows: Record<K, string>[] = [];
  const lines: number[] = [];
  for await (const { columns, row } of csvTable(file, options)) {
    rows.push(recordOf(columns, row.fields));
    lines.push(row.line);
  }
  refuseEmpty(file.name, rows.length, options.header === false ? 'rows' : 'a header and rows below it');
  return { rows, warnings: file.warnings, origin: { file: file.name, lines } };
}

/**
 * Records of lines with tabs between the fields, without quoting. All lines must have the same
 * number of fields. Empty lines and fields after the named ones are left out.
 */
export async function readTsv<K extends string>(
  source: FileSource,
  names: readonly K[],
  options: TsvOptions = {},
): Promise<ReadRows<Record<K, string>>> {
  onlyKnown('tsv', options, ['header']);
  checkColumnNames(names);
  const file = new TextFile(dataFile(source));
  const rows: Record<K, string>[] = [];
  const lines: number[] = [];
  let first: TableRow | undefined;
  let columns: TableColumns<K> = { names, places: [...names.keys()] };
  for await (const { text, number } of file.lines()) {
    if (text === '') continue;
    const fields = text.split('\t');
    if (first === undefined && options.header === true) {
      first = { fields, line: number };
      columns = namedColumns(file.name, first, names);
      continue;
    }
    first ??= { fields, line: number };
    if (fields.length < names.length)
      throw new DataError(
        `${file.name}, line ${number}: expected ${plural(names.length, 'field')} between tabs ` +
          `(${names.join(', ')}), but there ${fields.length === 1 ? 'is' : 'are'} ${fields.length}.`,
      );
    if (fields.length !== first.fields.length)
      throw new DataError(
        `${file.name}, line ${number}: expected ${plural(first.fields.length, 'field')} between tabs as in ` +
          `line ${first.line}, but there are ${fields.length}.`,
      );
    rows.push(recordOf(columns, fields));
    lines.push(number);
  }
  refuseEmpty(file.name, rows.length, `lines of ${names.join(', ')} with tabs between them`);
  return { rows, warnings: file.warnings, origin: { file: file.name, lines } };
}

function recordOf<K extends string>(
  { names, places }: TableColumns<K>,
  fields: readonly string[],
): Record<K, string> {
  const isPart = names.length < fields.length;
  return Object.fromEntries(
    names.map((name, i) => [name, isPart ? detached(fields[places[i]]) : fields[places[i]]]),
  ) as Record<K, string>;
}

/** V8 copies parts of a text that are shorter than this, instead of referring to the text. */
const SHORT = 13;

/**
 * A copy of a part of a text. Without the copy, the part would keep the whole text in memory, with
 * the fields that are left out.
 */
function detached(text: string): string {
  return text.length < SHORT ? text : (JSON.parse(JSON.stringify(text)) as string);
}

/** @throws DataError if `count` is 0 */
export function refuseEmpty(name: string, count: number, expected: string): void {
  if (count === 0) throw new DataError(`${name} has no records: expected ${expected}.`);
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
