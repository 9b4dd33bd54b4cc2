import { DataError, describe, messageOf, OptionError } from '../../core/errors.js';
import { checkText, onlyKnown, trueOrFalse, wholeNumber } from '../../core/options.js';
import { dataFile, type FileSource } from './data-file.js';
import { checkColumnNames, refuseEmpty, type ReadRows } from './tables.js';
import { TextFile, type Line } from './text-file.js';

/** How JSON Lines are read. */
export interface JsonLinesOptions {
  /** The entries to keep, which every record must have. Default: all that a record has. */
  readonly columns?: readonly string[];
}

/** Records of a file with a JSON object in each line. Empty lines are left out. */
export async function readJsonLines<R extends object>(
  source: FileSource,
  options: JsonLinesOptions,
): Promise<ReadRows<R>> {
  onlyKnown('jsonl', options, ['columns']);
  const { columns } = options;
  if (columns !== undefined) checkColumnNames(columns);
  const file = new TextFile(dataFile(source));
  const rows: R[] = [];
  const lines: number[] = [];
  for await (const { text, number } of file.lines()) {
    if (text.trim() === '') continue;
    const where = `${file.name}, line ${number}`;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (error) {
      throw new DataError(`${where}: expected a JSON object, but this is no JSON: ${messageOf(error)}.`, {
        cause: error,
      });
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new DataError(`${where}: expected a JSON object, got ${describe(row)}.`);
    const missing = columns?.find((column) => !Object.hasOwn(row, column));
    if (missing !== undefined)
      throw new DataError(
        `${where} has no "${missing}"; it has ` +
          `${
            Object.keys(row)
              .map((name) => `"${name}"`)
              .join(', ') || 'nothing'
          }.`,
      );
    const kept = columns?.map((column) => [column, (row as Readonly<Record<string, unknown>>)[column]]);
    rows.push((kept ? Object.fromEntries(kept) : row) as R);
    lines.push(number);
  }
  refuseEmpty(file.name, rows.length, 'a JSON object in each line');
  return { rows, warnings: file.warnings, origin: { file: file.name, lines } };
}

/** Which columns of a CoNLL file are read, and how. */
export interface ConllOptions {
  /** The column of the token, from 0. Default 0. */
  readonly token?: number;
  /** The column of the tag, from 0. Default the last. */
  readonly tag?: number;
  /** Whether tags are read. False for predictions: `tags` is empty then. Default true. */
  readonly tagged?: boolean;
  /** Lines that begin with this are left out: `#` in CoNLL-U. Default: none. */
  readonly comment?: string;
}

/** A sentence. */
export interface TaggedTokens {
  readonly tokens: readonly string[];
  /** One for each token; none where tags are not read. */
  readonly tags: readonly string[];
}

/** Marks the start of a document in CoNLL-2003, and is no sentence. */
const DOCUMENT = '-DOCSTART-';

/**
 * Sentences of a file with a token in each line, its columns between tabs, or else between spaces,
 * and an empty line between sentences.
 * @throws DataError for a line of another number of columns
 */
export async function readConll(source: FileSource, options: ConllOptions): Promise<ReadRows<TaggedTokens>> {
  onlyKnown('conll', options, ['token', 'tag', 'tagged', 'comment']);
  const { comment, tagged = true } = options;
  trueOrFalse('tagged', tagged);
  if (comment !== undefined) checkText('comment', comment);
  if (comment === '') throw new OptionError('comment', comment, "what comments begin with, such as '#'");
  const file = new TextFile(dataFile(source));
  const tokenAt = wholeNumber('token', options.token ?? 0, 0);
  const rows: TaggedTokens[] = [];
  const lines: number[] = [];
  let first: { readonly count: number; readonly line: number; readonly tagAt: number } | undefined;
  let sentence: { tokens: string[]; tags: string[] } = { tokens: [], tags: [] };
  const end = (): void => {
    if (sentence.tokens.length > 0) rows.push(sentence);
    sentence = { tokens: [], tags: [] };
  };
  for await (const line of file.lines()) {
    if (line.text.trim() === '') end();
    else if (!line.text.startsWith(DOCUMENT) && !(comment !== undefined && line.text.startsWith(comment))) {
      const fields = columnsOf(line);
      if (!first) {
        const tagAt = options.tag === undefined ? fields.length - 1 : wholeNumber('tag', options.tag, 0);
        first = { count: fields.length, line: line.number, tagAt };
      }
      const { count, tagAt } = first;
      if (fields.length !== count)
        throw new DataError(
          `${file.name}, line ${line.number}: expected ${count} columns as in line ${first.line}, but there ` +
            `${fields.length === 1 ? 'is' : 'are'} ${fields.length}.` +
            (line.text.startsWith('#') ? " Where lines with # are comments, say comment: '#'." : ''),
        );
      if (!tagged && tokenAt >= count)
        throw new DataError(
          `${file.name}, line ${line.number}: expected a token in column ${tokenAt}, counted from 0, but there ` +
            `${count === 1 ? 'is' : 'are'} ${count}.`,
        );
      if (tagged && Math.max(tokenAt, tagAt, 1) >= count)
        throw new DataError(
          `${file.name}, line ${line.number}: expected a token in column ${tokenAt} and its tag in column ` +
            `${Math.max(tagAt, 1)}, counted from 0, but there ${count === 1 ? 'is' : 'are'} ${count}.`,
        );
      if (sentence.tokens.length === 0) lines.push(line.number);
      sentence.tokens.push(fields[tokenAt]);
      if (tagged) sentence.tags.push(fields[tagAt]);
    }
  }
  end();
  const what = tagged ? 'a token and its tag' : 'a token';
  refuseEmpty(file.name, rows.length, `${what} in each line, and an empty line after a sentence`);
  return { rows, warnings: file.warnings, origin: { file: file.name, lines } };
}

function columnsOf({ text }: Line): string[] {
  return text.includes('\t') ? text.split('\t') : text.trim().split(/ +/);
}
