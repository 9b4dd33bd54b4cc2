import { DataError, describe, OptionError } from '../../core/errors.js';
import { oneOf } from '../../core/options.js';
import { writeSafetensors } from '../../io/safetensors.js';
import { isListOfValues } from '../column.js';
import type { Records } from '../records.js';

/** Text formats that records can be written in. */
export const WRITTEN_FORMATS = ['tsv', 'csv', 'jsonl', 'conll'] as const;
export type WrittenFormat = (typeof WRITTEN_FORMATS)[number];

/**
 * Records as the text of a file that the reader of that format makes the same records of.
 * - `tsv`: the entries between tabs, without a header, which `records.tsv` does not expect
 * - `csv`: a header and the entries, quoted where they must be
 * - `jsonl`: a JSON object in each line; a Float32Array becomes a list
 * - `conll`: a token and its tag in each line, of the entries `tokens` and `tags`
 * @throws DataError naming the record that the format cannot hold
 */
export async function recordsToText(rows: Records<object>, format: WrittenFormat): Promise<string> {
  switch (oneOf('format', format, WRITTEN_FORMATS)) {
    case 'tsv':
      return linesOf(rows, (row, where) =>
        Object.entries(row)
          .map(([name, value]) => unbroken(plain(value, `${where}: "${name}"`, 'TSV'), where))
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

/** A text, a number or a truth value as a text. */
function plain(value: unknown, where: string, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new DataError(
    `${where} is ${describe(value)}, but ${format} holds texts and numbers. Write JSON Lines (.jsonl).`,
  );
}

/** Refuses what a line without quotes cannot hold. */
function unbroken(text: string, where: string): string {
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
      `${where}: CoNLL holds "tokens" and as many "tags", each without white space. Write JSON Lines (.jsonl).`,
    );
  return tokens.map((token, t) => `${token}\t${tags[t]}\n`).join('');
}

function jsonOf(row: object): string {
  return JSON.stringify(row, (_, value: unknown) =>
    value instanceof Float32Array ? Array.from(value, shortest) : value,
  );
}

/** The number with the fewest digits that is this one in single precision: 0.1, not 0.10000000149. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/**
 * Entries of the records as tensors [rows,P,F], or [rows,F] of one place, of a safetensors file, which
 * `records.features` reads beside a table of the others.
 * @param features F by entry
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
