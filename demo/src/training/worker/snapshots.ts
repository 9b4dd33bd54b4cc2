import { expendable } from '../expendable.js';

/**
 * Largest number of snapshots and of their bytes together. A snapshot has three times the
 * parameters.
 */
const MOST = { count: 12, bytes: 96 * 2 ** 20 };
/** Largest snapshot in bytes. Saving a larger one would delay the training. */
const MOST_EACH = 16 * 2 ** 20;

/** A state of a training. */
interface Snapshot {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/**
 * States of a training at a few of its steps, evenly spaced on a logarithmic scale, held in the
 * worker's memory: the slider returns to them.
 */
export class Snapshots {
  #kept: Snapshot[] = [];
  /** The state with the best held-back loss. */
  #best: Snapshot | undefined;

  /** Ascending. */
  get steps(): number[] {
    return this.#kept.map(({ step }) => step);
  }

  /** Stores the best state so far in addition to the others, and replaces the previous best. */
  keepBest(step: number, checkpoint: Uint8Array): void {
    this.#best = { step, checkpoint };
  }

  /** Whether a state of so many bytes is small enough to be stored. */
  static fits(bytes: number): boolean {
    return bytes <= MOST_EACH;
  }

  /** @param step later than all stored ones, or one of them, which it replaces */
  add(step: number, checkpoint: Uint8Array): void {
    this.#kept = [...this.#kept.filter((one) => one.step < step), { step, checkpoint }];
    while (this.#kept.length > 2 && this.#isTooMuch) this.#kept.splice(expendable(this.steps), 1);
  }

  at(step: number): Uint8Array | undefined {
    return [...this.#kept, ...(this.#best ? [this.#best] : [])].find((one) => one.step === step)?.checkpoint;
  }

  /** Returns the snapshots up to a step, for a training that continues from it. */
  upTo(step: number): Snapshots {
    const some = new Snapshots();
    some.#kept = this.#kept.filter((one) => one.step <= step);
    if (this.#best && this.#best.step <= step) some.#best = this.#best;
    return some;
  }

  get #isTooMuch(): boolean {
    const bytes = this.#kept.reduce((sum, { checkpoint }) => sum + checkpoint.byteLength, 0);
    return this.#kept.length > MOST.count || bytes > MOST.bytes;
  }
}
