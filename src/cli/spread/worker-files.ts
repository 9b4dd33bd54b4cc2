import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileFormatError,
  fileError,
  readFileBytes,
  readSafetensors,
  writeFileAtomic,
  writeSafetensors,
} from '../../node.js';
import type { SpreadState } from '../../graph.js';
import type { SpreadPlace } from './options.js';

/**
 * What a worker keeps of itself in the shared folder, so that it can go on anywhere after kill -9:
 *
 *     worker-0/round-3.safetensors  its checkpoint after the outer step of round 3
 *     worker-0/outer-3.safetensors  the momentum of that step; written first
 *     worker-1/log.jsonl            its events; worker 0 has those of the options
 */
export class WorkerFiles {
  readonly #folder: string;

  /** @throws FileError */
  constructor({ folder, worker }: Pick<SpreadPlace, 'folder' | 'worker'>) {
    this.#folder = join(folder, `worker-${worker}`);
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch (error) {
      throw fileError('write', this.#folder, error);
    }
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
      throw new FileFormatError(`${JSON.stringify(path)} holds no momentum of an outer step.`);
    return { round, velocity: velocity.data };
  }

  /** Stores a state, and deletes the previous one. @param save writes the checkpoint */
  async keep({ round, velocity }: SpreadState, save: (path: string) => Promise<void>): Promise<void> {
    const tensors = { velocity: { shape: [velocity.length], data: velocity } };
    await writeFileAtomic(this.#outer(round), writeSafetensors(tensors));
    await save(this.checkpoint(round));
    await rm(this.checkpoint(round - 1), { force: true });
    await rm(this.#outer(round - 1), { force: true });
  }

  #outer(round: number): string {
    return join(this.#folder, `outer-${round}.safetensors`);
  }
}
