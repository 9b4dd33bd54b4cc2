import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { fileError } from '../file-error.js';
import { versionRecord } from '../tensorboard.js';
import { makeFolder } from './folders.js';
import { endWithLine } from './unfinished-line.js';

/**
 * A file that grows during a run. Writes are synchronous and unbuffered, so another program sees
 * them immediately, and a killed process loses nothing. What a full disk leaves of a write is
 * removed again.
 * @throws FileError if it cannot be written
 */
export class LogFile {
  readonly path: string;
  #descriptor: number;

  /**
   * @param mode whether lines are appended to an existing file, it is replaced, or it is an error
   *   (`new`)
   * @param beginning how the appended lines begin: if a killed process has left an unfinished one,
   *   that is removed. Default: as any line
   */
  constructor(path: string, mode: 'append' | 'replace' | 'new', beginning = '') {
    this.path = path;
    this.#descriptor = attempt(path, () => openSync(path, { append: 'a+', replace: 'w', new: 'wx' }[mode]));
    if (mode === 'append') attempt(path, () => endWithLine(this.#descriptor, beginning));
  }

  write(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      if (done > 0) this.#remove(done);
      throw fileError('write', this.path, error);
    }
  }

  /** Removes the last bytes. */
  #remove(bytes: number): void {
    const about = fstatSync(this.#descriptor);
    if (about.isFile()) ftruncateSync(this.#descriptor, about.size - bytes);
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}

/** Part of the names of all event files. */
const EVENTS = 'events.out.tfevents';

/** Number of opened files, which makes names of the same process and second different. */
let opened = 0;

/** Opens a new event file in a folder. Makes the folder if it does not exist. @throws FileError */
export function openEventFile(folder: string): LogFile {
  makeFolder(folder);
  const seconds = Date.now() / 1000;
  const name = [EVENTS, Math.floor(seconds), hostname(), process.pid, opened++].join('.');
  const file = new LogFile(join(folder, name), 'new');
  file.write(versionRecord({ seconds, step: 0 }));
  return file;
}

/** Whether a folder has event files. @throws FileError if it is not a folder */
export function hasEventFiles(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return attempt(folder, () => readdirSync(folder)).some((name) => name.includes(EVENTS));
}

/** By column: the value of a row. */
export type TableValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** A CSV table that grows row by row. Its columns are fixed. */
export class CsvTable {
  readonly #file: LogFile;
  readonly #columns: readonly string[];

  /**
   * @param continues whether rows are added to an existing table
   * @throws DataError if that table has other columns, FileError if it cannot be written
   */
  constructor(path: string, columns: readonly string[], continues: boolean) {
    const header = columns.join(',');
    const text = continues && existsSync(path) ? attempt(path, () => readFileSync(path, 'utf8')) : '';
    const there = text.split('\n', 1)[0];
    if (there !== '' && there !== header)
      throw new DataError(
        `${JSON.stringify(path)} has other columns (${there}) than this run reports (${header}): choose ` +
          'another --csv.',
      );
    // An editor may have left the last row without its end.
    const last = text.slice(text.lastIndexOf('\n') + 1);
    if (last.split(',').length === columns.length) attempt(path, () => appendFileSync(path, '\n'));
    this.#columns = columns;
    this.#file = new LogFile(path, continues ? 'append' : 'replace');
    if (there === '') this.#file.write(`${header}\n`);
  }

  /** Adds a row; columns without a value stay empty. */
  add(values: TableValues): void {
    const fields = this.#columns.map((column) => quoted(String(values[column] ?? '')));
    this.#file.write(`${fields.join(',')}\n`);
  }

  close(): void {
    this.#file.close();
  }
}

/** Quotes a field with a separator, a quote or a line end (RFC 4180). */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError('write', path, error);
  }
}
