import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileError, UnrolledError } from '../../node.js';
import type { SweepSpec, Value } from '../../sweep/index.js';
import type { TrialFile, TrialInput } from '../../sweep/node/index.js';
import { trialsFolder } from './trial-files.js';

type Options = SweepSpec['train'];

/** Options of `train` that name files; of `idx` two, with a comma. */
const FILES = ['corpus', 'ids', 'data', 'pairs', 'features', 'captions', 'idx', 'images', 'init-from'];
/** These name a file, or a way without one. */
const TOKENS = ['tokens', 'source-tokens', 'target-tokens'];
const TOKEN_KINDS: readonly Value[] = ['characters', 'words'];

/** The options of a trial, with those that name files apart. */
export interface TravellingOptions {
  readonly others: Options;
  readonly inputs: readonly TrialInput[];
}

/**
 * Brings the files of trials to workers. What lies in the folder of the record travels by its path
 * there; everything else is copied into a folder that is named by its content.
 */
export class TrialData {
  readonly #hashes = new Hashes();
  readonly #placed = new Map<string, Promise<TrialFile>>();

  constructor(readonly record: string) {}

  /** @throws FileError */
  async travelling(options: Options): Promise<TravellingOptions> {
    const inputs: TrialInput[] = [];
    const others: Record<string, Options[string]> = {};
    for (const [option, value] of Object.entries(options)) {
      if (!namesFile(option, value)) others[option] = value;
      else {
        const paths = option === 'idx' ? String(value).split(',') : [String(value)];
        inputs.push({ option, files: await Promise.all(paths.map((path) => this.#place(path))) });
      }
    }
    return { others, inputs };
  }

  #place(path: string): Promise<TrialFile> {
    const known = this.#placed.get(path);
    if (known !== undefined) return known;
    const placed = this.#bring(path);
    this.#placed.set(path, placed);
    return placed;
  }

  async #bring(path: string): Promise<TrialFile> {
    const sha256 = await this.#hashes.of(path);
    const folder = realpathSync(dirname(resolve(this.record)));
    const inside = relative(folder, realpathSync(path));
    if (inside !== '' && !inside.startsWith('..') && resolve(folder, inside) !== inside)
      return { path: inside.split(sep).join('/'), sha256 };
    const trials = trialsFolder(this.record);
    const own = join('data', sha256.slice(0, 16), basename(path));
    copyWhole(path, join(trials, own));
    return { path: [basename(trials), ...own.split(sep)].join('/'), sha256 };
  }
}

function namesFile(option: string, value: Options[string]): boolean {
  if (FILES.includes(option)) return true;
  return TOKENS.includes(option) && !TOKEN_KINDS.includes(value as Value);
}

/** A copy appears whole, or not at all. */
function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  const temporary = `${to}-${randomBytes(4).toString('hex')}`;
  try {
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, temporary, { recursive: true, dereference: true });
    renameSync(temporary, to);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(to)) throw fileError('write', to, error);
  }
}

/** Checks files on a worker's machine. */
export class FileChecks {
  readonly #hashes = new Hashes();

  /**
   * The options of `train` that name the files of a trial.
   * @param folder of the record, on this machine
   * @throws UnrolledError, FileError where a file is not what the sweep began with
   */
  async argumentsFor(inputs: readonly TrialInput[], folder: string): Promise<string[]> {
    const all: string[] = [];
    for (const { option, files } of inputs) {
      for (const { path, sha256 } of files)
        if ((await this.#hashes.of(join(folder, path))) !== sha256)
          throw new UnrolledError(
            `${JSON.stringify(join(folder, path))} is not what it was when the sweep began (another SHA-256): ` +
              'put the old content back, then go on with "unrolled sweep resume".',
          );
      all.push(`--${option}=${files.map(({ path }) => join(folder, path)).join(',')}`);
    }
    return all;
  }
}

/** SHA-256 of files and folders. What has not changed since is not read again. */
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

/** A file, or all files in a folder in the order of their names. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Of a folder, the names of its files count, too. */
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
