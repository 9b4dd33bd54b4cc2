import { DataError, OptionError } from '../../core/errors.js';
import { checkText, onlyKnown, trueOrFalse, wholeNumber } from '../../core/options.js';
import { dataFile, type FileSource } from './data-file.js';
import { refuseEmpty, type ReadRows } from './tables.js';
import { TextFile, type Line } from './text-file.js';

/** Options of `records.conll`. */
export interface ConllOptions {
  /** Column of the token, from 0. Default 0. */
  readonly token?: number;
  /** Column of the tag, from 0. Default: the last column. */
  readonly tag?: number;
  /** Whether tags are read. Without, `tags` is empty, as predictions need it. Default true. */
  readonly tagged?: boolean;
  /** Prefix of comments, which are left out: `#` in CoNLL-U. Default: no line is a comment. */
  readonly comment?: string;
}

/** A sentence. */
export interface TaggedTokens {
  readonly tokens: readonly string[];
  /** One for each token. Empty if tags are not read. */
  readonly tags: readonly string[];
}

/** Marks the start of a document in CoNLL-2003. Such a line is not part of a sentence. */
const DOCUMENT_START = '-DOCSTART-';

/**
 * Sentences of a file with one token in each line and an empty line between sentences. Tabs
 * separate the columns of a line; spaces do in a line without tabs.
 * @throws DataError for a line with another number of columns than the first
 */
export async function readConll(source: FileSource, options: ConllOptions): Promise<ReadRows<TaggedTokens>> {
  onlyKnown('conll', options, ['token', 'tag', 'tagged', 'comment']);
  const { comment, tagged = true } = options;
  trueOrFalse('tagged', tagged);
  if (comment !== undefined) checkText('comment', comment);
  if (comment === '') throw new OptionError('comment', comment, "the prefix of comments, such as '#'");
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
    else if (
      !line.text.startsWith(DOCUMENT_START) &&
      !(comment !== undefined && line.text.startsWith(comment))
    ) {
      const fields = columnsOf(line);
      if (!first) {
        const tagAt = options.tag === undefined ? fields.length - 1 : wholeNumber('tag', options.tag, 0);
        first = { count: fields.length, line: line.number, tagAt };
      }
      const { count, tagAt } = first;
      if (fields.length !== count)
        throw new DataError(
          `${file.name}, line ${line.number}: expected ${count} columns as in line ${first.line}, but ` +
            `there ${fields.length === 1 ? 'is' : 'are'} ${fields.length}.` +
            (line.text.startsWith('#') ? " If lines with # are comments, set comment: '#'." : ''),
        );
      if (!tagged && tokenAt >= count)
        throw new DataError(
          `${file.name}, line ${line.number}: expected a token in column ${tokenAt}, counted from 0, but ` +
            `there ${count === 1 ? 'is' : 'are'} ${count}.`,
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
