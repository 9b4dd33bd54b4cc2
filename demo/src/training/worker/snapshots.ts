import { expendable } from '../expendable.js';

/** Snapshots, and bytes of all of them: a small network has three times its parameters in each. */
const MOST = { count: 12, bytes: 96 * 2 ** 20 };
/** A snapshot that is larger is not taken: saving it would hold the training up. */
const MOST_EACH = 16 * 2 ** 20;

/** A state of a training. */
interface Snapshot {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/**
 * States of a training at a few of its steps, evenly on a logarithmic scale, in the worker's memory:
 * to wind it back.
 */
export class Snapshots {
  #kept: Snapshot[] = [];
  /** The state that knew unseen text best. */
  #best: Snapshot | undefined;

  /** Rising. */
  get steps(): number[] {
    return this.#kept.map(({ step }) => step);
  }

  /** Keeps a state beside the others, in place of the one that was the best before. */
  keepBest(step: number, checkpoint: Uint8Array): void {
    this.#best = { step, checkpoint };
  }

  /** Whether states of so many bytes are kept. */
  static fits(bytes: number): boolean {
    return bytes <= MOST_EACH;
  }

  /** @param step later than all that are kept, or one of them, which it replaces */
  add(step: number, checkpoint: Uint8Array): void {
    this.#kept = [...this.#kept.filter((one) => one.step < step), { step, checkpoint }];
    while (this.#kept.length > 2 && this.#isTooMuch) this.#kept.splice(expendable(this.steps), 1);
  }

  at(step: number): Uint8Array | undefined {
    return [...this.#kept, ...(this.#best ? [this.#best] : [])].find((one) => one.step === step)?.checkpoint;
  }

  /** Those up to a step, for the training that goes on from there. */
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
