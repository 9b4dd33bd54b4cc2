import type { Loss } from './model.js';
import { MOST_HALVINGS } from './loss-scale.js';
import { REPORT_FIELDS } from './update.js';

/** Report of a training step. */
export interface StepReport {
  /** Number of the step, from 1. */
  readonly step: number;
  /** Number of the epoch, from 0. */
  readonly epoch: number;
  /**
   * Sum or mean of the losses of this step, by the option `report`; NaN where no target has a loss.
   */
  readonly loss: number;
  /** Mean loss of the targets; in nats for cross-entropies. */
  readonly meanLoss: number;
  /** Number of targets that have a loss. */
  readonly count: number;
  /**
   * Exponential average: 0.999 · previous smooth loss + 0.001 · loss. It starts at the loss of
   * guessing, or at the first loss if that is not known.
   */
  readonly smoothLoss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of the first group in this step. */
  readonly rate: number;
  /** Whether the update was skipped, since the gradient was not finite. */
  readonly skipped: boolean;
  /** Skipped updates so far. */
  readonly skippedTotal: number;
  /** Skipped updates in a row, including this one; 0 if this one was not skipped. */
  readonly skippedInARow: number;
  /**
   * Advice, after 3, 10, 100, 1000, … updates in a row that were skipped or had the learning rate
   * 0.
   */
  readonly advice?: string;
}

/** Facts of a step that are known when it is submitted. */
export interface StepFacts {
  readonly step: number;
  readonly epoch: number;
  readonly rate: number;
  readonly count: number;
}

/** Whether advice is due after so many steps in a row: after 3, 10, 100, 1000, … */
function isAdviceDue(steps: number): boolean {
  return steps === 3 || /^10+$/.test(String(steps));
}

/** Computes step reports from the reports of the device, and tracks the smooth loss. */
export class StepReporter {
  skippedTotal = 0;
  #smoothLoss: number | undefined;
  #skippedInARow = 0;
  #withoutRate = 0;

  /**
   * @param report whether the loss is reported as a sum or a mean
   * @param baseline mean loss of guessing; undefined if it is not known
   * @param count targets of a batch, for the baseline of a sum
   * @param clips whether the gradient is clipped; then the advice does not suggest it
   * @param scales whether the loss is scaled; then the first skipped steps are no reason for advice,
   *   since each halves the factor
   */
  constructor(
    readonly report: Loss,
    public baseline: number | undefined,
    public count: number,
    readonly clips = false,
    readonly scales = false,
  ) {}

  /** Loss of guessing, as a sum or a mean like `loss`; NaN if it is not known. */
  get uniformLoss(): number {
    const mean = this.baseline ?? NaN;
    return this.report === 'sum' ? mean * this.count : mean;
  }

  get smoothLoss(): number {
    return this.#smoothLoss ?? this.uniformLoss;
  }

  set smoothLoss(loss: number) {
    this.#smoothLoss = loss;
  }

  /**
   * Computes the report of the next step.
   * @param sum sum of the step's losses
   * @param report the four numbers that the device reports, see REPORT_FIELDS
   */
  next({ step, epoch, rate, count }: StepFacts, sum: number, report: ArrayLike<number>): StepReport {
    if (count > 0) this.count = count;
    const gradientNorm = report[REPORT_FIELDS.gradientNorm];
    // Without targets the device reports the sum 0, which is no loss.
    const meanLoss = count === 0 ? NaN : sum / count;
    const loss = this.report === 'sum' && count > 0 ? sum : meanLoss;
    const skipped = report[REPORT_FIELDS.usable] === 0;
    if (Number.isFinite(loss)) {
      const before = Number.isNaN(this.smoothLoss) ? loss : this.smoothLoss;
      this.#smoothLoss = before * 0.999 + loss * 0.001;
    }
    this.#skippedInARow = skipped ? this.#skippedInARow + 1 : 0;
    if (skipped) this.skippedTotal++;
    this.#withoutRate = rate === 0 ? this.#withoutRate + 1 : 0;
    const advice = this.#advice();
    return {
      step,
      epoch,
      loss,
      meanLoss,
      count,
      smoothLoss: this.smoothLoss,
      gradientNorm,
      rate,
      skipped,
      skippedTotal: this.skippedTotal,
      skippedInARow: this.#skippedInARow,
      ...(advice === undefined ? {} : { advice }),
    };
  }

  #advice(): string | undefined {
    if (isAdviceDue(this.#skippedInARow) && !(this.scales && this.#skippedInARow <= MOST_HALVINGS))
      return (
        `The gradient was not finite for ${this.#skippedInARow} steps in a row: lower the rate` +
        `${this.clips ? '' : ', or clip the gradient'}.`
      );
    if (isAdviceDue(this.#withoutRate))
      return (
        `The learning rate was 0 for ${this.#withoutRate} steps in a row, so nothing is learned: the ` +
        'schedule has ended. Plan it for more steps, or give it a floor.'
      );
    return undefined;
  }
}
