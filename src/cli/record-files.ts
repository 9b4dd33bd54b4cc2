import { records, type Records } from '../node.js';
import { given, readFeatureRows } from '../graph.js';
import { UsageError } from './failure.js';

/** Formats of record files. */
export const DATA_FORMATS = ['tsv', 'csv', 'jsonl', 'conll', 'idx'] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** How a file is read, as plain data. */
export interface Reading {
  readonly format?: DataFormat;
  /** For files without a header: the names of all columns. For CoNLL: the numbers of token and tag. */
  readonly columns?: readonly string[];
  /** False where the first row of a CSV file is data. */
  readonly header?: boolean;
  readonly separator?: string;
  readonly tensor?: string;
}

/** Formats by the end of a file's name. */
const ENDINGS: Readonly<Record<string, DataFormat>> = {
  ...{ tsv: 'tsv', csv: 'csv', jsonl: 'jsonl', ndjson: 'jsonl', idx: 'idx' },
  ...{ conll: 'conll', conllu: 'conll', iob: 'conll', bio: 'conll' },
};

/** The end of a name, without `.gz`. */
function endingOf(path: string): string {
  return /\.(\w+?)(\.gz)?$/.exec(path)?.[1].toLowerCase() ?? '';
}

/** The format by a file's name; absent where the name does not say. */
export function formatByName(path: string): DataFormat | undefined {
  return /idx\d-ubyte/.test(path) ? 'idx' : ENDINGS[endingOf(path)];
}

/** @throws UsageError where the name gives no format, and for options of another format */
export function formatOf(path: string, { format: given, header, separator }: Reading): DataFormat {
  const format = given ?? formatByName(path);
  if (format === undefined)
    throw new UsageError(
      `The name "${path}" does not end with a known format: add --format with one of ${DATA_FORMATS.join(', ')}.`,
    );
  if (format !== 'csv' && (header === false || separator !== undefined))
    throw new UsageError(
      `--no-header and --separator apply only to CSV files, but "${path}" is read as ${format}: leave them out.`,
    );
  return format;
}

/**
 * The format of a table.
 * @param paired whether the default is lines with tabs
 */
export function tableFormat(path: string, { format }: Reading, paired: boolean): DataFormat {
  if (!paired) return formatOf(path, given({ format }));
  const named = format ?? formatByName(path);
  return named === 'csv' || named === 'jsonl' ? named : 'tsv';
}

/**
 * Records with named columns, of a CSV, TSV or JSON Lines file.
 * @param wanted the columns that are kept
 */
export async function readTable(
  path: string,
  reading: Reading,
  wanted: readonly string[],
): Promise<Records<object>> {
  const format = formatOf(path, reading);
  const { columns, header, separator } = reading;
  if (columns && format !== 'jsonl') checkNamed(wanted, columns);
  switch (format) {
    case 'csv':
      return records.csv(path, {
        ...csvOptions(columns, header, wanted),
        ...(separator === undefined ? {} : { separator }),
      });
    case 'tsv':
      return columns ? records.tsv(path, columns) : records.tsv(path, wanted, { header: true });
    case 'jsonl':
      return records.jsonl(path, { columns: wanted });
    case 'conll':
    case 'idx':
      throw new UsageError(
        `"${path}" is read as ${format}, but must be a file with named columns: CSV, TSV or JSON Lines.`,
      );
  }
}

function csvOptions(
  columns: readonly string[] | undefined,
  header: boolean | undefined,
  wanted: readonly string[],
): { readonly header?: boolean; readonly columns: readonly string[] } {
  if (header !== false) return { columns: wanted };
  if (columns === undefined)
    throw new UsageError('--no-header needs the names of all columns, such as --columns text,label.');
  return { header, columns };
}

function checkNamed(wanted: readonly string[], columns: readonly string[]): void {
  const missing = wanted.filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw new UsageError(
      `--columns ${columns.join(',')} must contain the column ${missing.map((name) => `"${name}"`).join(', ')}, but does not.`,
    );
}

/** The steps of a CSV, TSV or JSON Lines file of numbers. */
export async function readSteps(
  path: string,
  reading: Reading,
  wanted: readonly string[],
): Promise<Records<object>> {
  const format = formatOf(path, reading);
  if (format === 'jsonl') return records.jsonl(path, { columns: wanted });
  if (format !== 'csv' && format !== 'tsv')
    throw new UsageError(
      `"${path}" is read as ${format}, but a series of numbers must be CSV, TSV or JSON Lines.`,
    );
  const { columns, header, separator = format === 'tsv' ? '\t' : undefined } = reading;
  const series = await records.series(path, {
    ...csvOptions(columns, header, wanted),
    ...(separator === undefined ? {} : { separator }),
  });
  return records.of(
    Array.from(series[wanted[0]], (_, step) =>
      Object.fromEntries(wanted.map((name) => [name, series[name][step]])),
    ),
  );
}

/**
 * Sentences of a CoNLL file, or records of a JSON Lines file.
 * @param wanted the entries of JSON Lines
 * @param tagged whether tags are read, too
 */
export function readSentences(
  path: string,
  reading: Reading,
  wanted: readonly string[],
  tagged: boolean,
): Promise<Records<object>> {
  const format = formatOf(path, reading);
  if (format === 'jsonl') return records.jsonl(path, { columns: wanted });
  if (format !== 'conll')
    throw new UsageError(`"${path}" is read as ${format}, but tokens with tags must be CoNLL or JSON Lines.`);
  return records.conll(path, {
    ...conllColumns(reading.columns, endingOf(path) === 'conllu', tagged),
    tagged,
  });
}

/** The columns to read; the CoNLL-U standard defines its own. */
function conllColumns(
  columns: readonly string[] | undefined,
  isUniversal: boolean,
  tagged: boolean,
): { readonly token?: number; readonly tag?: number; readonly comment?: string } {
  const numbers = columns?.map(Number);
  const right = numbers?.length === 2 || (numbers?.length === 1 && !tagged);
  if (numbers && !(right && numbers.every((number) => Number.isInteger(number) && number >= 0)))
    throw new UsageError(
      '--columns of a CoNLL file must be the numbers of token and tag, counted from 0, such as --columns 0,3.',
    );
  const [token, tag]: readonly (number | undefined)[] = numbers ?? (isUniversal ? [1, 3] : [0]);
  return { ...given({ token, tag }), ...(isUniversal ? { comment: '#' } : {}) };
}

/**
 * Pairs of texts: lines with tabs, with any file name, or a CSV or JSON Lines file with the columns.
 * @param wanted the columns; in lines, the first fields
 */
export function readPairs(
  path: string,
  reading: Reading,
  wanted: readonly string[],
): Promise<Records<object>> {
  if (tableFormat(path, reading, true) !== 'tsv') return readTable(path, reading, wanted);
  if (reading.columns) checkNamed(wanted, reading.columns);
  return records.tsv(path, reading.columns ?? wanted);
}

/** Features of images, with their captions where a table is given. */
export async function readCaptioned(
  features: string,
  captions: string | undefined,
  reading: Reading,
): Promise<Records<object>> {
  const table = captions === undefined ? undefined : await readPairs(captions, reading, ['caption']);
  const { rows, shape } = await readFeatureRows(features, reading.tensor, table?.length);
  if (table) return table.map((record, i) => ({ ...record, features: rows[i], shape }));
  return records.of(rows.map((row) => ({ features: row, shape })));
}

/** The two files of `IMAGES,LABELS`. The labels may be absent where `labelled` is false. */
export function idxFiles(
  given: string,
  labelled = true,
): { readonly images: string; readonly labels?: string } {
  const [images, labels, ...rest] = given.split(',');
  if ((labels === undefined && labelled) || rest.length > 0 || images === '' || labels === '')
    throw new UsageError(`--idx ${given}: expected two IDX files, IMAGES,LABELS.`);
  return { images, ...(labels === undefined ? {} : { labels }) };
}
