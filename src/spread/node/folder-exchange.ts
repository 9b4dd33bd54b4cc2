import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, FileFormatError, messageOf, OptionError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.js';
import type { Contribution, Exchange, SpreadModel, Terms } from '../exchange.js';
import { FolderBoard, namesIn, type Board } from './board.js';
import { openQueueBoard } from './queue-board.js';

/** Name of the note with the terms of a run. */
const TERMS = 'spread';
const MODELS = 'models';

/**
 * A folder that all workers see: of one machine, of a file server, or an object store that is mounted.
 * It must show a file that was renamed as a whole, or not yet; a hash of the content finds parts.
 * Weights are files named by their content's hash, and a note says which one counts. Notes are files
 * too, or, with `openQueueExchange`, in the server of a queue.
 *
 *     spread.json                        the terms, and the mark of the run
 *     round-1/worker-0-HASH.safetensors  what worker 0 reached, until two rounds later
 *     round-1/worker-0.json              the note about it
 *     models/round-1.safetensors         the model of a round that was closed without a worker
 */
export class FolderExchange implements Exchange {
  /** The terms are always in the folder, so that they outlive a server. */
  readonly #terms: FolderBoard;
  readonly board: Board;

  /**
   * @param patience looks at a file whose content is not what its hash says before it counts as damaged: a
   *   mounted folder may show a part of it first. Default 20, about half a minute
   * @param board where notes go. Default: into the folder
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
          `${JSON.stringify(there[name])}, as the run in ${JSON.stringify(this.folder)} has it: start all workers ` +
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
    // A worker that was killed before it stored the note has left the file. So has one whose server
    // lost its notes.
    const before = await this.#left(round, worker);
    const bytes = writeSafetensors(
      { [WEIGHTS]: { shape: [weights.length], data: weights } },
      { sha256: hashOf(weights), round: String(round), worker: String(worker) },
    );
    const file = before ?? `worker-${worker}-${hashOf(weights).slice(0, 16)}.safetensors`;
    if (before === undefined) {
      await this.#makeFolder(`round-${round}`);
      await writeFileAtomic(this.#path(round, file), bytes);
    }
    const there = await this.board.post(name, { file }, signal);
    return there.file === file && before === undefined ? bytes.length : 0;
  }

  async take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution> {
    for (let [looks, faults] = [0, 0]; ; looks++) {
      signal?.throwIfAborted();
      const note = await this.board.read(nameOf(round, worker), signal);
      const path = note && this.#path(round, String(note.file));
      if (path !== undefined && existsSync(path)) {
        const bytes = await readFileBytes(path);
        const weights = tensorsIn(bytes, [WEIGHTS])?.[WEIGHTS];
        if (weights) return { weights, bytes: bytes.length };
        if (++faults > this.patience)
          throw new DataError(
            `${JSON.stringify(path)} is damaged: its content is not what its hash says. Delete ` +
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
    await this.#makeFolder(MODELS);
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
    // A newer one may replace it meanwhile, which the next look finds.
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

  async #makeFolder(name: string): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw fileError('write', path, error);
    });
  }

  #path(round: number, file: string): string {
    return join(this.folder, `round-${round}`, file);
  }
}

/**
 * An exchange through a folder whose notes are in the server of a queue: who has handed in what, and
 * which rounds are closed. Workers hear of a note at once, where a folder is looked at again and again.
 * @param url `redis://…` or `postgres://…`
 * @param onTrouble told while the server is out of reach, again and again; the exchange waits for it
 * @throws OptionError; UnrolledError where the server cannot be reached, or packages are not installed
 */
export async function openQueueExchange(
  url: string,
  folder: string,
  onTrouble: (why: string) => void,
): Promise<FolderExchange> {
  return new FolderExchange(folder, undefined, await openQueueBoard(url, await markOf(folder), onTrouble));
}

/** Returns the mark of the run in a folder: the same for all workers, and for no other run. */
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
