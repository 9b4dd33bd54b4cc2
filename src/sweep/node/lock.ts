import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { UnrolledError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';

/** The holder of a lock. */
interface Holder {
  readonly machine: string;
  readonly process: number;
  /**
   * When the process began, if the system reports it: another process may have its number by now.
   */
  readonly began: string | undefined;
}

/**
 * A lock for a file that only one process can hold: a second file with the name of the holder. A
 * killed process leaves it behind, and the next one on the same machine takes it over.
 */
export class FileLock {
  readonly #path: string;

  /**
   * @param path of the file to lock; the lock is `PATH.coordinator`, because `PATH.lock` is
   *   Optuna's
   * @throws UnrolledError naming the holder; FileError
   */
  constructor(path: string) {
    this.#path = `${path}.coordinator`;
    const own: Holder = {
      machine: hostname(),
      process: process.pid,
      began: beginningOf(process.pid),
    };
    const text = JSON.stringify(own);
    for (;;) {
      if (this.#take(text)) return;
      const seen = read(this.#path);
      if (seen === undefined) continue;
      const holder = JSON.parse(seen) as Holder;
      if (isAlive(holder))
        throw new UnrolledError(
          `${JSON.stringify(path)} is in use: process ${holder.process} on ${holder.machine} runs this sweep. ` +
            `Wait for it, or stop it first${holder.machine === own.machine ? '' : ` (if that machine is gone, delete ${JSON.stringify(this.#path)})`}.`,
        );
      this.#drop(seen);
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** Creates the file with its content in one operation. */
  #take(text: string): boolean {
    const temporary = `${this.#path}-${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(temporary, text);
      linkSync(temporary, this.#path);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw fileError('write', this.#path, error);
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** Removes the lock of a dead holder, unless another process was faster and holds it. */
  #drop(seen: string): void {
    const aside = `${this.#path}-${randomBytes(6).toString('hex')}`;
    try {
      renameSync(this.#path, aside);
    } catch {
      return; // already removed
    }
    try {
      if (read(aside) !== seen) linkSync(aside, this.#path);
    } finally {
      rmSync(aside, { force: true });
    }
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether a holder may still be running. For another machine this is unknown. */
function isAlive({ machine, process: id, began }: Holder): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(id, 0);
  } catch (error) {
    // The process of another user exists, although it cannot be signalled.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = beginningOf(id);
  return began === undefined || now === undefined || began === now;
}

/** On Linux: when a process began, in ticks since the machine started. */
function beginningOf(id: number): string | undefined {
  // The name of the program, in parentheses, may contain spaces; field 22 is the 20th after it.
  return read(`/proc/${id}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')[19];
}
