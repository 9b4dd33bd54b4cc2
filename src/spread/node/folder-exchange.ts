import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError, FileFormatError, messageOf, OptionError, UnrolledError } from '../../core/errors.js';
import { FileError } from '../../io/file-error.js';
import { FileLock, isElsewhere } from '../../io/node/file-lock.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { makeFolder } from '../../io/node/folders.js';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.js';
import type { Contribution, Exchange, SpreadModel, Terms } from '../exchange.js';
import { FolderBoard, inFolder, namesIn, type Board } from './board.js';
import { openQueueBoard } from './queue-board.js';

/** Name of the note with the terms of a run. */
const TERMS = 'spread';
const MODELS = 'models';

/**
 * An exchange through a folder that all workers share: on one machine, on a file server, or in a
 * mounted object store. Weights are files named by the hash of their content, so a reader detects an
 * incomplete file. A note names the file that counts. Notes are files too; with `openQueueExchange`,
 * they are on the server of a queue.
 *
 *     spread.json                        the terms of the run
 *     mark.json                          the mark of the run
 *     round-1/worker-0-HASH.safetensors  weights of worker 0 after round 1, kept for two rounds
 *     round-1/worker-0.json              the note with the name of that file
 *     models/round-1.safetensors         the model of a round that was closed without a worker
 */
export class FolderExchange implements Exchange {
  /** The terms are always in the folder, so that they outlive a server. */
  readonly #terms: FolderBoard;
  readonly board: Board;

  /**
   * @param patience number of looks after which a file with a wrong hash counts as damaged: a mounted
   *   folder may first show a part of a file. Default 20, which takes about half a minute
   * @param board stores the notes. Default: files in the folder
   */
  constructor(
    readonly folder: string,
    readonly patience = 20,
    board?: Board,
  ) {
    this.#terms = new FolderBoard(folder, patience);
    this.board = board ?? this.#terms;
  }

  /** Whether a run has begun in the folder. */
  get isBegun(): boolean {
    return existsSync(join(this.folder, `${TERMS}.json`));
  }

  async agree(terms: Terms, worker: number): Promise<void> {
    const there = await this.#terms.post(TERMS, terms);
    for (const name of new Set([...Object.keys(there), ...Object.keys(terms)]))
      if (there[name] !== terms[name]) {
        const error = new OptionError(
          `${name} of this worker`,
          terms[name],
          `${JSON.stringify(there[name])}, the value of the run in ${JSON.stringify(this.folder)}: start all workers ` +
            'with the same options, or name another folder',
        );
        await this.board.post(refusalOf(worker), { why: messageOf(error) });
        throw error;
      }
    await this.board.remove(refusalOf(worker));
  }

  async refusal(worker: number): Promise<string | undefined> {
    const why = (await this.board.read(refusalOf(worker)))?.why;
    return typeof why === 'string' ? why : undefined;
  }

  async put(round: number, worker: number, weights: Float32Array, signal?: AbortSignal): Promise<number> {
    const name = nameOf(round, worker);
    if (await this.board.read(name, signal)) return 0;
    // There is a file without a note if the worker was killed between the two, or if the server has
    // lost its notes.
    const before = await this.#left(round, worker);
    const bytes = writeSafetensors(
      { [WEIGHTS]: { shape: [weights.length], data: weights } },
      { sha256: hashOf(weights), round: String(round), worker: String(worker) },
    );
    const file = before ?? `worker-${worker}-${hashOf(weights).slice(0, 16)}.safetensors`;
    if (before === undefined)
      await inFolder(join(this.folder, `round-${round}`), () =>
        writeFileAtomic(this.#path(round, file), bytes),
      );
    const there = await this.board.post(name, { file }, signal);
    return there.file === file && before === undefined ? bytes.length : 0;
  }

  async take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution | undefined> {
    for (let [looks, faults] = [0, 0]; ; looks++) {
      signal?.throwIfAborted();
      // Before the note: a worker leaves the model before it deletes its contribution.
      const isPast = (await this.#models()).some((there) => there > round);
      const note = await this.board.read(nameOf(round, worker), signal);
      const path = note && this.#path(round, String(note.file));
      const bytes = path === undefined ? undefined : await readIfThere(path);
      if (bytes === undefined && isPast) return undefined;
      if (path !== undefined && bytes !== undefined) {
        const weights = tensorsIn(bytes, [WEIGHTS])?.[WEIGHTS];
        if (weights) return { weights, bytes: bytes.length };
        if (++faults > this.patience)
          throw new DataError(
            `${JSON.stringify(path)} is damaged: its content does not match its hash. Delete ` +
              `${JSON.stringify(join(this.folder, `round-${round}`))} and start worker ${worker} again.`,
          );
      }
      await this.board.change(looks, signal);
    }
  }

  async drop(round: number, worker: number): Promise<void> {
    await this.board.remove(nameOf(round, worker));
    for (const file of await this.#filesOf(round, worker)) await rm(this.#path(round, file), { force: true });
  }

  async forget(round: number): Promise<void> {
    await this.board.remove(`round-${round}/`);
    await this.#terms.remove(`round-${round}/`);
  }

  handedIn(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]> {
    return this.#noted(workers, (worker) => nameOf(round, worker), signal);
  }

  async join(round: number, worker: number, signal?: AbortSignal): Promise<void> {
    await this.board.post(`round-${round}/joined-${worker}`, {}, signal);
  }

  joined(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]> {
    return this.#noted(workers, (worker) => `round-${round}/joined-${worker}`, signal);
  }

  async close(round: number, members: readonly number[], signal?: AbortSignal): Promise<readonly number[]> {
    const there = await this.board.post(closingOf(round), { members: [...members] }, signal);
    return there.members as readonly number[];
  }

  async closed(round: number, signal?: AbortSignal): Promise<readonly number[] | undefined> {
    return (await this.board.read(closingOf(round), signal))?.members as readonly number[] | undefined;
  }

  async leave({ round, weights, velocity }: SpreadModel): Promise<void> {
    if ((await this.#models()).some((there) => there >= round)) return;
    makeFolder(join(this.folder, MODELS));
    const shape = [weights.length];
    const bytes = writeSafetensors(
      { [WEIGHTS]: { shape, data: weights }, [VELOCITY]: { shape, data: velocity } },
      { sha256: hashOf(weights, velocity), round: String(round) },
    );
    await writeFileAtomic(this.#model(round), bytes);
    for (const older of await this.#models())
      if (older < round) await rm(this.#model(older), { force: true });
  }

  async newest(from: number): Promise<SpreadModel | undefined> {
    const round = Math.max(0, ...(await this.#models()));
    if (round < from) return undefined;
    // A newer model may replace it during the read. The next look finds that one.
    const bytes = await readFileBytes(this.#model(round)).catch(() => undefined);
    const tensors = bytes && tensorsIn(bytes, [WEIGHTS, VELOCITY]);
    return tensors && { round, weights: tensors[WEIGHTS], velocity: tensors[VELOCITY] };
  }

  change(looks: number, signal?: AbortSignal): Promise<void> {
    return this.board.change(looks, signal);
  }

  /** Closes the connection to a server. */
  dispose(): Promise<void> {
    return this.board.close();
  }

  /** Returns the workers that have a note. */
  async #noted(
    workers: readonly number[],
    nameOfNote: (worker: number) => string,
    signal: AbortSignal | undefined,
  ): Promise<number[]> {
    const notes = await Promise.all(workers.map((worker) => this.board.read(nameOfNote(worker), signal)));
    return workers.filter((_, place) => notes[place] !== undefined);
  }

  /** Returns a complete file of a worker without a note. */
  async #left(round: number, worker: number): Promise<string | undefined> {
    for (const file of await this.#filesOf(round, worker))
      if (tensorsIn(await readFileBytes(this.#path(round, file)), [WEIGHTS])) return file;
    return undefined;
  }

  async #filesOf(round: number, worker: number): Promise<string[]> {
    const names = await namesIn(join(this.folder, `round-${round}`));
    return names.filter((name) => name.startsWith(`worker-${worker}-`)).sort();
  }

  async #models(): Promise<number[]> {
    const names = await namesIn(join(this.folder, MODELS));
    return names.flatMap((name) => /^round-(\d+)\.safetensors$/.exec(name)?.slice(1).map(Number) ?? []);
  }

  #model(round: number): string {
    return join(this.folder, MODELS, `round-${round}.safetensors`);
  }

  #path(round: number, file: string): string {
    return join(this.folder, `round-${round}`, file);
  }
}

/** An exchange for one worker, of which there must be no second one. */
class LockedExchange extends FolderExchange {
  constructor(
    folder: string,
    readonly lock: FileLock,
  ) {
    super(folder);
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    this.lock.release();
  }
}

/** Milliseconds that the workers of a command that was killed have to write their state and end. */
const ENDING_MS = 5000;
/** Milliseconds between two looks whether a process has ended. */
const LOOK_MS = 100;

/**
 * Opens an exchange through a folder for a worker. On this machine no other process can open it for
 * the same worker until it is disposed of: both would write and delete the files of that worker.
 * @param patience milliseconds that it waits for another process to end. Default 5000
 * @throws UnrolledError naming the other process; FileError
 */
export async function openFolderExchange(
  folder: string,
  worker: number,
  patience = ENDING_MS,
): Promise<FolderExchange> {
  makeFolder(folder);
  for (let left = patience; ; left -= LOOK_MS) {
    const taken = FileLock.take(join(folder, `worker-${worker}.lock`));
    if (taken instanceof FileLock) return new LockedExchange(folder, taken);
    // A worker may have been killed there, and its run may continue on any machine.
    if (isElsewhere(taken)) return new FolderExchange(folder);
    if (left <= 0)
      throw new UnrolledError(
        `${JSON.stringify(folder)} is in use: process ${taken.process} on ${taken.machine} is worker ${worker} of its ` +
          'run. Wait for it, stop it first, or name another folder.',
      );
    await sleep(LOOK_MS);
  }
}

/**
 * Opens an exchange whose weights are in a folder and whose notes are on the server of a queue. The
 * server announces a note at once; a folder must be looked at repeatedly.
 * @param url `redis://…` or `postgres://…`
 * @param onTrouble called repeatedly while the server cannot be reached; the exchange waits for it
 * @throws OptionError; UnrolledError if the server cannot be reached, or packages are not installed
 */
export async function openQueueExchange(
  url: string,
  folder: string,
  onTrouble: (why: string) => void,
): Promise<FolderExchange> {
  return new FolderExchange(folder, undefined, await openQueueBoard(url, await markOf(folder), onTrouble));
}

/** Returns the mark of the run in a folder, a random text that all workers of the run share. */
export async function markOf(folder: string): Promise<string> {
  const { mark } = await new FolderBoard(folder, 20).post('mark', { mark: randomUUID() });
  return String(mark);
}

const WEIGHTS = 'weights';
const VELOCITY = 'velocity';

function nameOf(round: number, worker: number): string {
  return `round-${round}/worker-${worker}`;
}

function closingOf(round: number): string {
  return `round-${round}/closed`;
}

function refusalOf(worker: number): string {
  return `refused/worker-${worker}`;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFileBytes(path);
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the tensors of a file; undefined if it is damaged or incomplete. */
function tensorsIn(bytes: Uint8Array, names: readonly string[]): Record<string, Float32Array> | undefined {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const all = names.map((name) => tensors[name].data).filter((data) => data instanceof Float32Array);
    if (all.length < names.length || hashOf(...all) !== metadata.sha256) return undefined;
    return Object.fromEntries(names.map((name, place) => [name, all[place]]));
  } catch (error) {
    if (error instanceof FileFormatError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function hashOf(...arrays: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of arrays)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
