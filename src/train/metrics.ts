import type { Loss } from './model.js';
import { REPORT_FIELDS } from './update.js';

/** What a training step reports. */
export interface StepReport {
  /** Counts from 1. */
  readonly step: number;
  /** Passes over the data that were complete before this step. */
  readonly epoch: number;
  /**
   * Loss of this step, summed over its targets or their mean, as the options say; NaN where no
   * target counts, since such a batch has no loss.
   */
  readonly loss: number;
  /** Loss per target that counts; in nats where losses are cross-entropies. */
  readonly meanLoss: number;
  /** Targets that count in this step. */
  readonly count: number;
  /**
   * 0.999 of the smooth loss before and 0.001 of this loss. It starts at the loss of guessing, or
   * at the first loss where that is not known.
   */
  readonly smoothLoss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of this step, of the first group. */
  readonly rate: number;
  /** True where the gradient was not finite: the update was skipped. */
  readonly skipped: boolean;
  /** Skipped updates so far. */
  readonly skippedTotal: number;
  /** Skipped updates in a row, this one included: 0 where the gradient was finite. */
  readonly skippedInARow: number;
  /**
   * What to try, after 3, 10, 100, 1000, … updates in a row that were skipped or had the learning
   * rate 0.
   */
  readonly advice?: string;
}

/** What is known of a step when it is submitted. */
export interface StepFacts {
  readonly step: number;
  readonly epoch: number;
  readonly rate: number;
  readonly count: number;
}

/** Whether advice is due after so many steps in a row: 3, and then with growing distance. */
function isAdviceDue(steps: number): boolean {
  return steps === 3 || /^10+$/.test(String(steps));
}

/** Turns what the device reports into numbers for people, and follows the smooth loss. */
export class Metrics {
  skippedTotal = 0;
  #smoothLoss: number | undefined;
  #skippedInARow = 0;
  #withoutRate = 0;

  /**
   * @param report how the loss is reported
   * @param baseline mean loss of guessing; undefined where it is not known
   * @param count targets of a batch, for the baseline of a sum
   * @param clips whether the gradient is clipped, so that there is no point in advising it
   */
  constructor(
    readonly report: Loss,
    public baseline: number | undefined,
    public count: number,
    readonly clips = false,
  ) {}

  /** Loss of guessing, as `loss` is reported; NaN where it is not known. */
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
   * @param sum of the step's losses
   * @param report the four numbers of one step, see REPORT_FIELDS
   */
  next({ step, epoch, rate, count }: StepFacts, sum: number, report: ArrayLike<number>): StepReport {
    if (count > 0) this.count = count;
    const gradientNorm = report[REPORT_FIELDS.gradientNorm];
    // The device adds up nothing where no target counts: that is no loss, and not a loss of 0.
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
    if (isAdviceDue(this.#skippedInARow))
      return (
        `The gradient was not finite for ${this.#skippedInARow} steps in a row: lower the rate` +
        `${this.clips ? '' : ', or clip the gradient'}.`
      );
    if (isAdviceDue(this.#withoutRate))
      return (
        `The learning rate was 0 for ${this.#withoutRate} steps in a row, and nothing is learnt: the ` +
        'schedule has come to its end. Plan it for more steps, or give it a floor.'
      );
    return undefined;
  }
}
