import { UnrolledError, type StepReport } from '../node.js';

/** Default number of consecutive updates without a finite gradient after which a run stops. */
export const DEFAULT_LIMIT = 100;

/** Detects when a run cannot learn any more. */
export class Divergence {
  #inARow = 0;
  /** Number of the last reported step. */
  step = 0;
  #lossIsFinite = true;

  /** @param limit consecutive updates without a finite gradient; 0: no limit */
  constructor(readonly limit: number) {}

  take({ step, loss, skipped, skippedInARow }: StepReport): void {
    this.step = step;
    this.#inARow = skippedInARow;
    // A window without targets has no loss, which is not a divergence.
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

  /** @param kept a sentence about the checkpoint that remains */
  error(kept: string): UnrolledError {
    const since = this.step - this.#inARow + 1;
    return new UnrolledError(
      `The run has diverged: from step ${since} to step ${this.step} no gradient was finite, so nothing ` +
        `was learned. ${kept} Start again with a lower --rate, or clip the gradient with --clip-norm.`,
    );
  }
}
