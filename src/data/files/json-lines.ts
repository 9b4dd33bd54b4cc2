import { DataError, describe, messageOf } from '../../core/errors.js';
import { onlyKnown } from '../../core/options.js';
import { dataFile, type FileSource } from './data-file.js';
import { checkColumnNames, refuseEmpty, type ReadRows } from './tables.js';
import { TextFile } from './text-file.js';

/** Options of `records.jsonl`. */
export interface JsonLinesOptions {
  /** The entries to keep, which every record must have. Default: all entries. */
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
      throw new DataError(`${where}: expected a JSON object, but this is not JSON: ${messageOf(error)}.`, {
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
