import { wholeNumber } from '../core/options.js';

/** Watches a validation loss: tells which checkpoint is the best, and when to stop. */
export class EarlyStopping {
  #best = Infinity;
  #since = 0;

  /** @param patience evaluations without a better loss before it says stop */
  constructor(readonly patience: number) {
    wholeNumber('patience', patience);
  }

  get best(): number {
    return this.#best;
  }

  /** Takes the next validation loss. A loss that is not finite is never the best. */
  next(loss: number): 'best' | 'wait' | 'stop' {
    if (loss < this.#best) {
      [this.#best, this.#since] = [loss, 0];
      return 'best';
    }
    this.#since++;
    return this.#since >= this.patience ? 'stop' : 'wait';
  }
}
