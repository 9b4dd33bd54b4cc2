import { randomBytes } from 'node:crypto';
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileError } from '../file-error.js';

/** The holder of a lock. */
export interface LockHolder {
  readonly machine: string;
  readonly process: number;
  /**
   * When the process began, if the system reports it: another process may have its number by now.
   */
  readonly began: string | undefined;
}

/**
 * A lock that only one process can hold: a file with the name of the holder. A killed process leaves
 * it behind, and the next one on the same machine takes it over.
 */
export class FileLock {
  private constructor(readonly path: string) {}

  /**
   * Takes a lock, unless another process may hold it.
   * @param path of the lock file
   * @returns the lock, or its holder
   * @throws FileError
   */
  static take(path: string): FileLock | LockHolder {
    const lock = new FileLock(path);
    const own: LockHolder = {
      machine: hostname(),
      process: process.pid,
      began: beginningOf(process.pid),
    };
    const text = JSON.stringify(own);
    for (;;) {
      if (lock.#take(text)) return lock;
      const seen = read(path);
      if (seen === undefined) continue;
      const holder = holderIn(seen);
      if (holder && isAlive(holder)) return holder;
      lock.#drop(seen);
    }
  }

  release(): void {
    rmSync(this.path, { force: true });
  }

  /** Creates the file with its content in one operation, where the file system has hard links. */
  #take(text: string): boolean {
    const temporary = `${this.path}-${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(temporary, text);
      linkOrCopy(temporary, this.path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw fileError('write', this.path, error);
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** Removes the lock of a dead holder, unless another process was faster and holds it. */
  #drop(seen: string): void {
    const aside = `${this.path}-${randomBytes(6).toString('hex')}`;
    try {
      renameSync(this.path, aside);
    } catch {
      return; // already removed
    }
    try {
      if (read(aside) !== seen) linkOrCopy(aside, this.path);
    } finally {
      rmSync(aside, { force: true });
    }
  }
}

/** Errors of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Gives a file a second name. @throws Error with the code EEXIST if the name is taken */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Whether a holder is another machine, of which nothing is known. */
export function isElsewhere({ machine }: LockHolder): boolean {
  return machine !== hostname();
}

/** Undefined where the machine stopped before the file had its content. */
function holderIn(text: string): LockHolder | undefined {
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    return undefined;
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
function isAlive(holder: LockHolder): boolean {
  const { process: id, began } = holder;
  if (isElsewhere(holder)) return true;
  try {
    process.kill(id, 0);
  } catch (error) {
    // The process of another user exists, although it cannot be signalled.
    if (codeOf(error) !== 'EPERM') return false;
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
