import { records } from '../../../../src/index.js';
import { engineSentence, faultWords, sentenceOf } from '../../host/answers.js';
import { PageError } from '../../host/page-error.js';
import { bytes } from '../../page/format.js';
import type { OwnChoice, OwnFormat, OwnLook } from './choice.js';
import { describeColumns, guessFormat, guessSeparator, guessTask, hasHeader, type OwnRow } from './guess.js';
import { recordsOfRows } from './rows.js';

/** Largest file that is read, in bytes: a page trains on it. */
const MOST_BYTES = 50 * 2 ** 20;
/** Bytes by which format and columns are guessed. */
const BEGINNING = 64 * 2 ** 10;
/** Rows of a table that are searched for a header. */
const FIRST_ROWS = 50;

/** The content of a file, read with a choice. */
export interface OwnFile {
  readonly rows: readonly OwnRow[];
  readonly warnings: readonly string[];
}

type Reading = Pick<OwnChoice, 'format' | 'header' | 'separator'>;

/**
 * Looks at a visitor's file: guesses what is not chosen.
 * @throws PageError in a sentence for a file that is none of the known ones
 */
export async function lookAt(
  name: string,
  content: Blob,
  chosen: Partial<OwnChoice> = {},
): Promise<OwnLook & { readonly choice: OwnChoice }> {
  if (content.size > MOST_BYTES) throw new PageError(({ own }) => own.tooLarge(name, bytes(MOST_BYTES)));
  const beginning = await content.slice(0, BEGINNING).text();
  if (beginning.trim() === '') throw new PageError(({ own }) => own.empty(name));
  const format = chosen.format ?? guessFormat(name, beginning);
  const separator = chosen.separator ?? (format === 'csv' ? guessSeparator(beginning) : '\t');
  const first = format === 'jsonl' ? [] : await firstRows(beginning, format, separator);
  const reading = { format, separator, header: chosen.header ?? hasHeader(first) };
  const { rows, warnings } = await readRows(name, content, reading, first);
  const columns = describeColumns(rows);
  const task = guessTask(rows, columns, chosen.task) ?? undefined;
  const read = chosen.read?.filter((one) => columns.some((column) => column.name === one)) ?? [];
  const learned = columns.some((column) => column.name === chosen.learned) ? chosen.learned : undefined;
  const choice: OwnChoice = {
    ...reading,
    task: chosen.task ?? task?.task ?? 'translate',
    read: read.length > 0 ? read : (task?.read ?? columns.slice(0, 1).map((column) => column.name)),
    learned: learned ?? task?.learned ?? columns.at(-1)?.name ?? '',
  };
  const fault = await faultIn(rows, choice, columns.length);
  return { choice, columns, rows: rows.length, warnings, ...(fault === undefined ? {} : { fault }) };
}

/** Returns why nothing can be learned from the rows with this choice, or undefined. */
async function faultIn(
  rows: readonly OwnRow[],
  choice: OwnChoice,
  columns: number,
): Promise<string | undefined> {
  const { own } = await faultWords();
  if (columns < 2 && choice.task !== 'regress') return own.oneColumn;
  if (choice.task !== 'regress' && choice.read[0] === choice.learned) return own.sameColumn;
  try {
    recordsOfRows(rows, choice);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Reads a whole file with a choice. @throws DataError naming the wrong line */
export async function readOwn(name: string, content: Blob, choice: Reading): Promise<OwnFile> {
  const beginning = await content.slice(0, BEGINNING).text();
  const first = choice.format === 'jsonl' ? [] : await firstRows(beginning, choice.format, choice.separator);
  return readRows(name, content, choice, first);
}

async function readRows(
  name: string,
  content: Blob,
  { format, header, separator }: Reading,
  first: readonly (readonly string[])[],
): Promise<OwnFile> {
  const file = new File([content], name);
  // Checkpoints and kept runs know columns by these names, in whatever language they were made.
  const numbered = (first[0] ?? []).map((_, i) => `column ${i + 1}`);
  const columns = header ? (first[0] ?? []) : numbered;
  const read =
    format === 'jsonl'
      ? await records.jsonl(file)
      : format === 'tsv'
        ? await records.tsv(file, columns, { header })
        : await records.csv(file, { header, columns, separator });
  return { rows: [...read] as OwnRow[], warnings: await Promise.all(read.warnings.map(engineSentence)) };
}

/** Returns the first rows of a table without the last one, which may be cut. */
async function firstRows(
  beginning: string,
  format: OwnFormat,
  separator: string,
): Promise<readonly (readonly string[])[]> {
  const text = beginning.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (format === 'tsv')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .slice(0, FIRST_ROWS)
      .map((line) => line.split('\t'));
  const { default: Papa } = await import('papaparse');
  const { data } = Papa.parse<string[]>(text, { delimiter: separator, preview: FIRST_ROWS });
  return data.filter((row) => row.length > 1 || row[0] !== '');
}
