import {
  closeSync,
  createReadStream,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  realpathSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { UnrolledError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { FileLock, isElsewhere } from '../../io/node/file-lock.js';
import { endsWithLine, removeUnfinishedLine } from '../../io/node/unfinished-line.js';
import type { History } from '../history.js';
import { OPERATION, operationOf, type Operation } from '../operations.js';

/**
 * Reads a record line by line. A last line without an end was being written by a killed process,
 * and is left out.
 * @throws FileError; FileFormatError for a file that is not a record
 */
export async function readRecord(path: string, history: History): Promise<void> {
  let number = 0;
  let waiting: string | undefined;
  const apply = (line: string): void => {
    number++;
    history.apply(operationOf(line, number, path));
  };
  try {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
    for await (const line of lines) {
      if (waiting !== undefined) apply(waiting);
      waiting = line;
    }
    if (waiting !== undefined && hasWholeLines(path)) apply(waiting);
  } catch (error) {
    throw error instanceof UnrolledError ? error : fileError('read', path, error);
  }
}

/** A record that only this process writes to. */
export class RecordFile {
  readonly path: string;
  readonly #lock: FileLock;
  readonly #descriptor: number;
  /** Bytes of complete lines. */
  #size: number;

  /**
   * Opens or creates a record, and removes an unfinished line at its end.
   * @param mode `new` rejects a file that is not empty
   * @throws UnrolledError if another process writes to it; FileError
   */
  constructor(path: string, mode: 'new' | 'continue') {
    this.path = path;
    if (mode === 'continue' && !existsSync(path))
      throw fileError('read', path, Object.assign(new Error(), { code: 'ENOENT' }));
    // Two names of one file have one lock.
    this.#lock = lockOf(existsSync(path) ? realpathSync(path) : path);
    let opened: number | undefined;
    try {
      opened = openSync(path, 'a+');
      this.#descriptor = opened;
      if (mode === 'new' && fstatSync(opened).size > 0)
        throw new UnrolledError(
          `${JSON.stringify(path)} exists: continue it with "unrolled sweep resume", or choose another --record.`,
        );
      this.#size = removeUnfinishedLine(opened);
    } catch (error) {
      if (opened !== undefined) closeSync(opened);
      this.#lock.release();
      throw error instanceof UnrolledError ? error : fileError('write', path, error);
    }
  }

  /**
   * Appends operations, all of them or none: if the disk is full, the written part is removed. The
   * end of a trial is flushed to the disk before this returns.
   * @throws FileError
   */
  append(operations: readonly Operation[]): void {
    const bytes = Buffer.from(operations.map((operation) => `${JSON.stringify(operation)}\n`).join(''));
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#descriptor, bytes, done);
      if (operations.some(({ op_code }) => op_code === OPERATION.setTrialStateValues))
        fdatasyncSync(this.#descriptor);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw fileError('write', this.path, error);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
    this.#lock.release();
  }
}

/**
 * Locks a record by the file `PATH.coordinator`, because `PATH.lock` is Optuna's.
 * @throws UnrolledError naming the holder; FileError
 */
function lockOf(path: string): FileLock {
  const taken = FileLock.take(`${path}.coordinator`);
  if (taken instanceof FileLock) return taken;
  const gone = ` (if that machine is gone, delete ${JSON.stringify(`${path}.coordinator`)})`;
  throw new UnrolledError(
    `${JSON.stringify(path)} is in use: process ${taken.process} on ${taken.machine} runs this sweep. ` +
      `Wait for it, or stop it first${isElsewhere(taken) ? gone : ''}.`,
  );
}

function hasWholeLines(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    return endsWithLine(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
