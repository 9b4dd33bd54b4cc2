import { DataError, type Corpus } from '../../../../src/index.js';
import { bitsOf } from '../../../../src/graph.js';
import type { Validation } from '../protocol.js';
import type { Run } from './run.js';

/** Characters per evaluation: enough for two digits of the loss. */
const MOST_CHARACTERS = 4000;
const ROWS = { most: 16, characters: 100 };
/** Largest share of the time that evaluations may take, which sets the time between them. */
const SHARE = 0.05;
const LEAST_MS = 1500;

/**
 * Evaluates the held-back part of the text from time to time, between two stretches of training.
 */
export class Validator {
  readonly #held: Corpus | undefined;
  #due = performance.now() + LEAST_MS;
  #usable = true;
  #last = -1;
  /** The first evaluation includes compiling, so its time is not used to schedule the next. */
  #compiled = false;

  constructor(
    readonly run: Run,
    readonly tell: (validation: Validation) => void,
  ) {
    const { held } = run;
    this.#held =
      held && held.length > MOST_CHARACTERS ? held.split(MOST_CHARACTERS / held.length).validation : held;
  }

  /** Whether an evaluation is due. */
  get due(): boolean {
    return (
      this.#held !== undefined &&
      this.#usable &&
      performance.now() >= this.#due &&
      this.run.trainer.step > this.#last
    );
  }

  async evaluate(): Promise<void> {
    if (!this.#held) return;
    const { trainer } = this.run;
    const began = performance.now();
    const batch = Math.max(1, Math.min(ROWS.most, Math.floor(this.#held.length / ROWS.characters)));
    try {
      const { loss } = await trainer.evaluate(this.#held, { batch });
      this.tell({ step: trainer.step, bitsPerChar: bitsOf(loss) });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      this.#usable = false; // The network knows none of these characters; the text's warnings report that.
    }
    const now = performance.now();
    this.#last = trainer.step;
    this.#due = now + Math.max(LEAST_MS, this.#compiled ? (now - began) / SHARE : 0);
    this.#compiled = true;
  }
}
