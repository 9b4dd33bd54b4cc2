import { wholeNumber } from '../core/options.js';

/** Finds the best validation loss, and decides when to stop. */
export class EarlyStopping {
  #best = Infinity;
  #since = 0;

  /** @param patience number of evaluations in a row without a better loss before `stop` */
  constructor(readonly patience: number) {
    wholeNumber('patience', patience);
  }

  /** The best loss so far; Infinity before the first. */
  get best(): number {
    return this.#best;
  }

  /**
   * Takes the next validation loss. A loss that is not finite is never the best.
   * @returns `best` for a new best loss, `stop` when patience is used up, else `wait`
   */
  next(loss: number): 'best' | 'wait' | 'stop' {
    if (loss < this.#best) {
      [this.#best, this.#since] = [loss, 0];
      return 'best';
    }
    this.#since++;
    return this.#since >= this.patience ? 'stop' : 'wait';
  }
}
