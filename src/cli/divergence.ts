import { UnrolledError, type StepReport } from '../node.js';

/** Updates in a row without a finite gradient after which a run stops, unless the options say. */
export const DEFAULT_LIMIT = 100;

/** Watches a run for the moment from which it can learn nothing any more. */
export class Divergence {
  #inARow = 0;
  /** The last step that was reported. */
  step = 0;
  #lossIsFinite = true;

  /** @param limit updates in a row without a finite gradient; 0: no limit */
  constructor(readonly limit: number) {}

  take({ step, loss, skipped, skippedInARow }: StepReport): void {
    this.step = step;
    this.#inARow = skippedInARow;
    // A window may have no loss, and still be no reason to worry: nothing in it is to be predicted.
    this.#lossIsFinite = Number.isFinite(loss) || !skipped;
  }

  /** Whether the run should stop now. */
  get isOver(): boolean {
    return this.limit > 0 && this.#inARow >= this.limit;
  }

  /** Whether a checkpoint of this step must not replace an earlier one. */
  get spoilsCheckpoint(): boolean {
    return !this.#lossIsFinite || this.isOver;
  }

  /** @param kept what is left of the run, as a sentence */
  error(kept: string): UnrolledError {
    const since = this.step - this.#inARow + 1;
    return new UnrolledError(
      `The run has diverged: from step ${since} to step ${this.step} no gradient was finite, so nothing ` +
        `was learnt. ${kept} Start again with a lower --rate, or clip the gradient with --clip-norm.`,
    );
  }
}
