import { OptionError, UnrolledError } from '../core/errors.js';
import { SerialQueue } from '../core/async-turns.js';
import type { Device, Memory } from '../plan/device.js';
import {
  carriedStateName,
  type Model,
  type WriteOptionsOf,
  type Writer,
  type WritingModel,
} from './model.js';

/** How a trainer's samples start. */
export interface SamplesOptions {
  /** Seed of the run. */
  readonly seed: number;
  /** Whether a sample starts from the state that training carries in its single row. */
  readonly carried: boolean;
}

/** Writes the samples of a trainer. Calls run one after another. */
export class Samples<M extends Model> {
  /** Random numbers drawn so far. */
  drawn = 0;
  readonly #queue = new SerialQueue();
  #writer: Writer<WriteOptionsOf<M>> | undefined;
  #disposed = false;

  constructor(
    readonly model: M,
    readonly device: Device,
    readonly memory: Memory,
  ) {}

  /** See `Trainer.sample`. */
  write(
    { seed, carried }: SamplesOptions,
    options: WriteOptionsOf<M> | undefined,
    onPiece: ((piece: string) => void) | undefined,
  ): Promise<string> {
    return this.#queue.run(async () => {
      const given = options === undefined ? ({} as WriteOptionsOf<M>) : options;
      this.#writer ??= await this.#open();
      if (this.#disposed) {
        this.#writer.dispose();
        throw new UnrolledError('The trainer was disposed of while a program was prepared for it.');
      }
      if (typeof given !== 'object' || given === null || Array.isArray(given))
        throw new OptionError('sample', given, 'an object with options of the sample');
      if (onPiece !== undefined && typeof onPiece !== 'function')
        throw new OptionError('sample.onPiece', onPiece, 'a function that takes a piece of the text');
      const ownSeed = (given as { readonly seed?: number }).seed !== undefined;
      const place = ownSeed ? {} : { seed, position: this.drawn };
      const initial = carried ? { initial: await this.#states() } : {};
      let text = '';
      const all = { ...place, ...initial, ...(given as object) } as WriteOptionsOf<M>;
      for await (const piece of this.#writer.stream(all)) {
        text += piece;
        onPiece?.(piece);
      }
      if (!ownSeed) this.drawn += this.#writer.drawn(given);
      return text;
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#writer?.dispose();
  }

  #open(): Promise<Writer<WriteOptionsOf<M>>> {
    const writing = this.model as Partial<WritingModel<WriteOptionsOf<M>>>;
    if (!writing.openWriter)
      throw new UnrolledError(`A ${this.model.kind} model does not write: it has no samples.`);
    return writing.openWriter(this.device, this.memory);
  }

  /** The carried states of the single row. */
  async #states(): Promise<Record<string, Float32Array>> {
    const states = Object.keys(this.model.states ?? {}).map(
      async (name) =>
        [name, (await this.memory.read(carriedStateName('train', name))) as Float32Array] as const,
    );
    return Object.fromEntries(await Promise.all(states));
  }
}
