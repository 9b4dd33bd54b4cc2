import { DataError, describe, OptionError } from '../../core/errors.js';
import { oneOf } from '../../core/options.js';
import { writeSafetensors } from '../../io/safetensors.js';
import { isListOfValues } from '../column.js';
import type { Records } from '../records.js';

/** The text formats of `recordsToText`. */
export const WRITTEN_FORMATS = ['tsv', 'csv', 'jsonl', 'conll'] as const;
export type WrittenFormat = (typeof WRITTEN_FORMATS)[number];

/**
 * Writes records as the text of a file. The reader of the format in `records` is the inverse.
 * - `tsv`: the entries with tabs between them, without a header
 * - `csv`: a header and the entries, quoted where necessary
 * - `jsonl`: a JSON object in each line; a Float32Array becomes a list
 * - `conll`: the entries `tokens` and `tags`, a token and its tag in each line
 * @throws DataError for a record that the format cannot represent
 */
export async function recordsToText(rows: Records<object>, format: WrittenFormat): Promise<string> {
  switch (oneOf('format', format, WRITTEN_FORMATS)) {
    case 'tsv':
      return linesOf(rows, (row, where) =>
        Object.entries(row)
          .map(([name, value]) => withoutBreaks(plain(value, `${where}: "${name}"`, 'TSV'), where))
          .join('\t'),
      );
    case 'csv': {
      const { default: Papa } = await import('papaparse');
      const fields = Object.keys(rows.at(0));
      const data = Array.from(rows, (row, place) =>
        fields.map((name) => plain(entryOf(row, name), `${rows.nameOf(place)}: "${name}"`, 'CSV')),
      );
      return `${Papa.unparse({ fields, data }, { newline: '\n' })}\n`;
    }
    case 'jsonl':
      return linesOf(rows, (row) => jsonOf(row));
    case 'conll':
      return linesOf(rows, (row, where) => sentence(row, where));
  }
}

function linesOf(rows: Records<object>, line: (row: object, where: string) => string): string {
  return Array.from(rows, (row, place) => `${line(row, rows.nameOf(place))}\n`).join('');
}

function entryOf(row: object, name: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[name];
}

/** A text, number or boolean as a text. @throws DataError for another value */
function plain(value: unknown, where: string, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new DataError(
    `${where} is ${describe(value)}, but ${format} holds texts and numbers. Write JSON Lines (.jsonl).`,
  );
}

/** Returns the text. @throws DataError for a tab or line end, which TSV cannot quote */
function withoutBreaks(text: string, where: string): string {
  if (/[\t\r\n]/.test(text))
    throw new DataError(
      `${where}: ${describe(text)} has a tab or a line end, which TSV cannot hold. Write CSV or JSON Lines.`,
    );
  return text;
}

function sentence(row: object, where: string): string {
  const [tokens, tags] = [entryOf(row, 'tokens'), entryOf(row, 'tags')];
  const isList = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string' && /^\S+$/.test(item));
  if (!isList(tokens) || !isList(tags) || tokens.length !== tags.length)
    throw new DataError(
      `${where}: CoNLL holds "tokens" and as many "tags", each without white space. Write JSON Lines ` +
        '(.jsonl).',
    );
  return tokens.map((token, t) => `${token}\t${tags[t]}\n`).join('');
}

function jsonOf(row: object): string {
  return JSON.stringify(row, (_, value: unknown) =>
    value instanceof Float32Array ? Array.from(value, shortest) : value,
  );
}

/**
 * The shortest decimal number that rounds to this one in single precision: 0.1, not 0.10000000149.
 */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/**
 * Writes entries of the records as tensors [rows,P,F], or [rows,F] if P = 1, of a safetensors file.
 * `records.features` reads them with a table of the other entries.
 * @param features F by name of the entry
 * @throws DataError for entries of different lengths
 */
export function recordsToTensors(
  rows: Records<object>,
  features: Readonly<Record<string, number>>,
): Uint8Array {
  const tensors = Object.entries(features).map(([name, F]) => {
    const all = Array.from(rows, (row) => entryOf(row, name));
    const [first] = all;
    if (!isListOfValues(first)) throw new OptionError('features', name, 'an entry that holds numbers');
    const data = new Float32Array(all.length * first.length);
    for (const [place, values] of all.entries()) {
      if (!isListOfValues(values) || values.length !== first.length)
        throw new DataError(
          `${rows.nameOf(place)}: "${name}" must have ${first.length} numbers, as the first record has.`,
        );
      data.set(values as ArrayLike<number>, place * first.length);
    }
    const places = first.length / F;
    return [name, { shape: places === 1 ? [all.length, F] : [all.length, places, F], data }] as const;
  });
  return writeSafetensors(Object.fromEntries(tensors));
}
