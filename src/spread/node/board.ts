import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileFormatError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { makeFolder } from '../../io/node/folders.js';

/** A short note of plain data. */
export type Note = Readonly<Record<string, string | number | boolean | readonly number[]>>;

/**
 * Stores notes that workers leave for each other. The first note of a name stays, so workers agree
 * without a lock. Names have folders, such as `round-3/worker-0`.
 */
export interface Board {
  /** Stores a note, unless there is one of this name. @returns the stored note */
  post(name: string, note: Note, signal?: AbortSignal): Promise<Note>;
  read(name: string, signal?: AbortSignal): Promise<Note | undefined>;
  /**
   * Removes notes. A name that ends with a slash is a folder, which is removed with its content.
   */
  remove(name: string): Promise<void>;
  /** Waits until there may be new notes. @param looks how often the caller has looked already */
  change(looks: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between two looks into the folder: short at first, for rounds of a second. */
const LOOK_MS = { first: 20, longest: 1000, growth: 1.3 };

/** Errors of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Stores notes as files of a folder. */
export class FolderBoard implements Board {
  /** @param patience number of looks after which an incomplete file counts as damaged */
  constructor(
    readonly folder: string,
    readonly patience: number,
  ) {}

  async post(name: string, note: Note): Promise<Note> {
    const path = this.#path(name);
    await inFolder(dirname(path), () => writeOnce(path, `${JSON.stringify(note, undefined, 2)}\n`));
    return (await this.read(name)) ?? note;
  }

  /** On a file system without links, another worker may still be writing the file. */
  async read(name: string): Promise<Note | undefined> {
    const path = this.#path(name);
    for (let faults = 0; ; faults++) {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as Note;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        if (!(error instanceof SyntaxError)) throw fileError('read', path, error);
        if (faults >= this.patience)
          throw new FileFormatError(
            `${JSON.stringify(path)} must be a note of a spread run in JSON, but cannot be parsed: name another folder, or delete the file.`,
          );
        await sleep(LOOK_MS.first);
      }
    }
  }

  async remove(name: string): Promise<void> {
    const isFolder = name.endsWith('/');
    const path = isFolder ? join(this.folder, name) : this.#path(name);
    // Another worker may delete the same file.
    await rm(path, { recursive: isFolder, force: true, maxRetries: 2 }).catch(() => undefined);
  }

  async change(looks: number, signal?: AbortSignal): Promise<void> {
    const pause = Math.min(LOOK_MS.longest, LOOK_MS.first * LOOK_MS.growth ** Math.min(looks, 50));
    await sleep(pause, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #path(name: string): string {
    return join(this.folder, `${name}.json`);
  }
}

/** How often a folder is made again that another worker deletes. */
const FOLDER_ATTEMPTS = 5;

/** Writes into a folder, which is made if necessary. Another worker may delete it meanwhile. */
export async function inFolder(folder: string, write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    makeFolder(folder);
    try {
      await write();
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === FOLDER_ATTEMPTS) throw error;
    }
  }
}

/** Creates a file with its content in one operation, unless it exists. @throws FileError */
async function writeOnce(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.note-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (NO_LINKS.includes(code)) await writeFile(path, text, { flag: 'wx' }).catch(unlessThere(path));
    else unlessThere(path)(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

function unlessThere(path: string): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== 'EEXIST') throw fileError('write', path, error);
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Returns the names of files in a folder; none if it does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileError('read', folder, error);
  }
}
