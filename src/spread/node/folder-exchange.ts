import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataError, FileFormatError, OptionError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.js';
import type { Contribution, Exchange, Terms } from '../exchange.js';

/** Waits between two looks into the folder: short at first, for rounds of a second. */
const LOOK_MS = { first: 20, longest: 1000, growth: 1.3 };

const TERMS = 'spread.json';
const WEIGHTS = 'weights';

/**
 * A folder that all workers see: of one machine, of a file server, or an object store that is mounted.
 * It must show a file that was renamed as a whole, or not yet; a hash of the content finds parts.
 *
 *     spread.json                  the terms
 *     round-1/worker-0.safetensors what worker 0 reached, until two rounds later
 */
export class FolderExchange implements Exchange {
  /**
   * @param patience looks at a file whose content is not what its hash says before it counts as damaged: a
   *   mounted folder may show a part of it first. Default 20, about half a minute
   */
  constructor(
    readonly folder: string,
    readonly patience = 20,
  ) {}

  /** Whether a run has begun in the folder. */
  get isBegun(): boolean {
    return existsSync(join(this.folder, TERMS));
  }

  async agree(terms: Terms): Promise<void> {
    const path = join(this.folder, TERMS);
    await mkdir(this.folder, { recursive: true }).catch((error: unknown) => {
      throw fileError('write', this.folder, error);
    });
    // The first one makes the file; all others compare.
    await writeFile(path, `${JSON.stringify(terms, undefined, 2)}\n`, { flag: 'wx' }).catch(
      (error: unknown) => {
        if (!this.isBegun) throw fileError('write', path, error);
      },
    );
    const there = await this.#terms(path);
    for (const name of new Set([...Object.keys(there), ...Object.keys(terms)]))
      if (there[name] !== terms[name])
        throw new OptionError(
          `${name} of this worker`,
          terms[name],
          `${JSON.stringify(there[name])}, as the run in ${JSON.stringify(this.folder)} has it: start all workers ` +
            'with the same options, or name another folder',
        );
  }

  async put(round: number, worker: number, weights: Float32Array): Promise<number> {
    const path = this.#path(round, worker);
    if (existsSync(path)) return 0;
    const bytes = writeSafetensors(
      { [WEIGHTS]: { shape: [weights.length], data: weights } },
      { sha256: hashOf(weights), round: String(round), worker: String(worker) },
    );
    await mkdir(this.#folder(round), { recursive: true }).catch((error: unknown) => {
      throw fileError('write', this.#folder(round), error);
    });
    await writeFileAtomic(path, bytes);
    return bytes.length;
  }

  async take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution> {
    const path = this.#path(round, worker);
    let [pause, faults]: [number, number] = [LOOK_MS.first, 0];
    for (;;) {
      signal?.throwIfAborted();
      if (existsSync(path)) {
        const bytes = await readFileBytes(path);
        const weights = weightsIn(bytes);
        if (weights) return { weights, bytes: bytes.length };
        if (++faults > this.patience)
          throw new DataError(
            `${JSON.stringify(path)} is damaged: its content is not what its hash says. Delete it and start ` +
              `worker ${worker} again.`,
          );
      }
      await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
      pause = Math.min(LOOK_MS.longest, pause * LOOK_MS.growth);
    }
  }

  async drop(round: number, worker: number): Promise<void> {
    await rm(this.#path(round, worker), { force: true });
  }

  /** Another worker may be about to write the file. */
  async #terms(path: string): Promise<Terms> {
    for (let faults = 0; ; faults++) {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as Terms;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw fileError('read', path, error);
        if (faults >= this.patience)
          throw new FileFormatError(
            `${JSON.stringify(path)} does not hold the terms of a spread run: name another folder, or delete it.`,
          );
        await sleep(LOOK_MS.first);
      }
    }
  }

  #folder(round: number): string {
    return join(this.folder, `round-${round}`);
  }

  #path(round: number, worker: number): string {
    return join(this.#folder(round), `worker-${worker}.safetensors`);
  }
}

/** The weights of a file; undefined where it is damaged, or not whole yet. */
function weightsIn(bytes: Uint8Array): Float32Array | undefined {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const { data } = tensors[WEIGHTS];
    return data instanceof Float32Array && hashOf(data) === metadata.sha256 ? data : undefined;
  } catch (error) {
    if (error instanceof FileFormatError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}
