import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileError, makeFolder, UnrolledError } from '../../node.js';
import type { SweepSpec, Value } from '../../sweep/index.js';
import type { TrialFile, TrialInput } from '../../sweep/node/index.js';
import { trialsFolder } from './trial-files.js';

type Options = SweepSpec['train'];

/** Options of `train` that name files. `idx` names two, separated by a comma. */
const FILES = ['corpus', 'ids', 'data', 'pairs', 'features', 'captions', 'idx', 'images', 'init-from'];
/** Options that name a file or a kind of tokens without a file. */
const TOKENS = ['tokens', 'source-tokens', 'target-tokens'];
const TOKEN_KINDS: readonly Value[] = ['characters', 'words'];

/** The options of a trial, separated into those that name files and the others. */
export interface SharedOptions {
  readonly others: Options;
  readonly inputs: readonly TrialInput[];
}

/**
 * Makes the files of trials available to workers, which share only the folder of the record. A file
 * in that folder stays where it is; any other is copied into it, to a folder named by its content.
 */
export class TrialData {
  readonly #hashes = new Hashes();
  readonly #located = new Map<string, Promise<TrialFile>>();

  constructor(readonly record: string) {}

  /** Separates the options, and makes their files available. @throws FileError */
  async shared(options: Options): Promise<SharedOptions> {
    const inputs: TrialInput[] = [];
    const others: Record<string, Options[string]> = {};
    for (const [option, value] of Object.entries(options)) {
      if (!namesFile(option, value)) others[option] = value;
      else {
        const paths = option === 'idx' ? String(value).split(',') : [String(value)];
        inputs.push({ option, files: await Promise.all(paths.map((path) => this.#locate(path))) });
      }
    }
    return { others, inputs };
  }

  #locate(path: string): Promise<TrialFile> {
    const known = this.#located.get(path);
    if (known !== undefined) return known;
    const located = this.#share(path);
    this.#located.set(path, located);
    return located;
  }

  async #share(path: string): Promise<TrialFile> {
    const sha256 = await this.#hashes.of(path);
    const folder = realpathSync(dirname(resolve(this.record)));
    const inside = relative(folder, realpathSync(path));
    if (inside !== '' && !inside.startsWith('..') && resolve(folder, inside) !== inside)
      return { path: inside.split(sep).join('/'), sha256 };
    const trials = trialsFolder(this.record);
    const own = join('data', sha256.slice(0, 16), basename(path));
    copyAtomic(path, join(trials, own));
    return { path: [basename(trials), ...own.split(sep)].join('/'), sha256 };
  }
}

function namesFile(option: string, value: Options[string]): boolean {
  if (FILES.includes(option)) return true;
  return TOKENS.includes(option) && !TOKEN_KINDS.includes(value as Value);
}

/** Copies a file or folder. The copy gets its name after it is complete. */
function copyAtomic(from: string, to: string): void {
  if (existsSync(to)) return;
  const temporary = `${to}-${randomBytes(4).toString('hex')}`;
  makeFolder(dirname(to));
  try {
    cpSync(from, temporary, { recursive: true, dereference: true });
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(to)) throw fileError('write', to, error);
  }
}

/** Checks the files of trials on a worker's machine. */
export class FileChecks {
  readonly #hashes = new Hashes();

  /**
   * Returns the options of `train` that name the files of a trial.
   * @param folder of the record, on this machine
   * @throws UnrolledError for a file that has changed since the sweep began; FileError
   */
  async argumentsFor(inputs: readonly TrialInput[], folder: string): Promise<string[]> {
    const all: string[] = [];
    for (const { option, files } of inputs) {
      for (const { path, sha256 } of files)
        if ((await this.#hashes.of(join(folder, path))) !== sha256)
          throw new UnrolledError(
            `${JSON.stringify(join(folder, path))} has changed since the sweep began (its SHA-256 differs): ` +
              'restore its content, then continue with "unrolled sweep resume".',
          );
      all.push(`--${option}=${files.map(({ path }) => join(folder, path)).join(',')}`);
    }
    return all;
  }
}

/** Computes the SHA-256 of files and folders. A file with the same size and time is not read again. */
class Hashes {
  readonly #known = new Map<string, { readonly seen: string; readonly hash: Promise<string> }>();

  /** @throws FileError */
  async of(path: string): Promise<string> {
    try {
      const files = filesOf(path);
      const seen = files.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`).join('\n');
      const known = this.#known.get(path);
      if (known?.seen === seen) return await known.hash;
      const hash = hashOf(path, files);
      this.#known.set(path, { seen, hash });
      return await hash;
    } catch (error) {
      throw error instanceof UnrolledError ? error : fileError('read', path, error);
    }
  }
}

/** Returns the path of a file, or of all files in a folder sorted by name. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Hashes contents; for a folder also the names and sizes of its files. */
async function hashOf(path: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const isFolder = statSync(path).isDirectory();
  for (const file of files) {
    if (isFolder) hash.update(`${relative(path, file).split(sep).join('/')}\0${statSync(file).size}\0`);
    await pipeline(createReadStream(file), async (bytes: AsyncIterable<Uint8Array>) => {
      for await (const piece of bytes) hash.update(piece);
    });
  }
  return hash.digest('hex');
}
