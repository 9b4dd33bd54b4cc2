import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileFormatError,
  fileError,
  makeFolder,
  readFileBytes,
  readSafetensors,
  writeFileAtomic,
  writeSafetensors,
} from '../../node.js';
import type { SpreadState } from '../../graph.js';
import type { SpreadPlace } from './options.js';

/**
 * The files of one worker in the shared folder. After kill -9, it can continue on any machine:
 *
 *     worker-0/round-3.safetensors  its checkpoint after the outer step of round 3
 *     worker-0/outer-3.safetensors  [E], the momentum of that step; written before the checkpoint
 *     worker-1/log.jsonl            its events; those of worker 0 are in the file of --log
 *     worker-0/printed              bytes of the log that a command has printed
 */
export class WorkerFiles {
  readonly #folder: string;

  /** @throws FileError */
  constructor({ folder, worker }: Pick<SpreadPlace, 'folder' | 'worker'>) {
    this.#folder = join(folder, `worker-${worker}`);
    makeFolder(this.#folder);
  }

  /** Bytes of the log that have been printed; 0 if that is not known, or the log is another one. */
  get printed(): number {
    try {
      const bytes = Number(readFileSync(this.#printed, 'utf8'));
      return Number.isSafeInteger(bytes) && bytes <= statSync(this.log).size ? bytes : 0;
    } catch {
      return 0;
    }
  }

  /** @throws FileError */
  set printed(bytes: number) {
    try {
      writeFileSync(this.#printed, String(bytes));
    } catch (error) {
      throw fileError('write', this.#printed, error);
    }
  }

  get #printed(): string {
    return join(this.#folder, 'printed');
  }

  get log(): string {
    return join(this.#folder, 'log.jsonl');
  }

  checkpoint(round: number): string {
    return join(this.#folder, `round-${round}.safetensors`);
  }

  /** The last round whose state is stored; undefined before the first. */
  newest(): number | undefined {
    const rounds = readdirSync(this.#folder).map((name) =>
      Number(/^round-(\d+)\.safetensors$/.exec(name)?.[1] ?? 0),
    );
    const newest = Math.max(0, ...rounds);
    return newest === 0 ? undefined : newest;
  }

  /** @throws FileError, FileFormatError */
  async readState(round: number): Promise<SpreadState> {
    const path = this.#outer(round);
    const { velocity } = readSafetensors(await readFileBytes(path), JSON.stringify(path)).tensors;
    if (!(velocity?.data instanceof Float32Array))
      throw new FileFormatError(
        `${JSON.stringify(path)} must contain the momentum of an outer step, "velocity" as float32, but does not: delete the folder of this run, and start it again.`,
      );
    return { round, velocity: velocity.data };
  }

  /** Stores a state, and deletes older ones. @param save writes the checkpoint */
  async keep({ round, velocity }: SpreadState, save: (path: string) => Promise<void>): Promise<void> {
    const tensors = { velocity: { shape: [velocity.length], data: velocity } };
    await writeFileAtomic(this.#outer(round), writeSafetensors(tensors));
    await save(this.checkpoint(round));
    await this.#remove((name) => roundOf(name) < round);
  }

  /**
   * Deletes files that a killed worker has left: states older than a round, and temporary files.
   * Call it before the first `keep`.
   */
  async tidy(round: number): Promise<void> {
    await this.#remove((name) => roundOf(name) < round || TEMPORARY.test(name));
  }

  async #remove(isOld: (name: string) => boolean): Promise<void> {
    for (const name of readdirSync(this.#folder))
      if (isOld(name)) await rm(join(this.#folder, name), { force: true });
  }

  #outer(round: number): string {
    return join(this.#folder, `outer-${round}.safetensors`);
  }
}

/** Names of the temporary files of `writeFileAtomic`. */
const TEMPORARY = /^\.unrolled-.*\.tmp$/;

/** Returns the round of a state's file; Infinity for any other file. */
function roundOf(name: string): number {
  return Number(/^(?:round|outer)-(\d+)\.safetensors$/.exec(name)?.[1] ?? Infinity);
}
