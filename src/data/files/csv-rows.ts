import type { ParseResult } from 'papaparse';
import { DataError } from '../../core/errors.js';
import { lineEnds, type TextFile } from './text-file.js';

/** A row of a table. */
export interface TableRow {
  readonly fields: readonly string[];
  /** The line where it starts, from 1. */
  readonly line: number;
}

/**
 * Most characters of a row. Without a limit, a quote that is never closed reads the whole file as a
 * row.
 */
const MAX_ROW_CHARACTERS = 1 << 23;

/**
 * The rows of a CSV file, parsed by papaparse in pieces. Empty lines are left out.
 * @throws DataError for a quote that is never closed, and for text after a closing quote
 */
export async function* csvRows(file: TextFile, separator: string): AsyncGenerator<TableRow, void> {
  const { default: Papa } = await import('papaparse');
  const parser = new Papa.Parser({ delimiter: separator, newline: '\n', quoteChar: '"' });
  let [line, rest] = [1, ''];
  const refuseLong = (): void => {
    if (rest.length > MAX_ROW_CHARACTERS)
      throw new DataError(
        `${file.name}, line ${line}: the row that starts here has more than ${MAX_ROW_CHARACTERS} ` +
          'characters. Is a quote (") in it never closed?',
      );
  };
  const parse = (isLast: boolean): TableRow[] => {
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as ParseResult<string[]>;
    const rows: TableRow[] = [];
    for (const [i, fields] of data.entries()) {
      const error = errors.find(({ row }) => row === i);
      if (error) throw wrongQuote(file.name, line, error.code);
      if (fields.length > 1 || fields[0] !== '') rows.push({ fields, line });
      line += 1 + fields.reduce((sum, field) => sum + lineEnds(field), 0);
    }
    if (errors.length > 0) throw wrongQuote(file.name, line, errors[0].code);
    rest = rest.slice(meta.cursor);
    refuseLong();
    return rows;
  };
  for await (const piece of file.pieces()) {
    rest += piece;
    if (piece.includes('\n')) yield* parse(false);
    else refuseLong();
  }
  yield* parse(true);
}

function wrongQuote(name: string, line: number, code: string): DataError {
  return new DataError(
    code === 'MissingQuotes'
      ? `${name}, line ${line}: a quote (") opens a field of the row that starts here and is never closed. ` +
          'Close it; a quote inside a quoted field is written twice ("").'
      : `${name}, line ${line}: a field in quotes continues after its closing quote. Expected a separator ` +
          'or the end of the line; a quote inside a quoted field is written twice ("").',
  );
}
