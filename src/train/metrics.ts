import type { Loss } from './training-graph.js';
import { REPORT_FIELDS } from './update.js';

/** What a training step reports. */
export interface StepReport {
  /** Counts from 1. */
  readonly step: number;
  /** Passes over the data that were complete before this step. */
  readonly epoch: number;
  /**
   * Loss of this step in nats, summed or averaged over the window's known targets as the options
   * say; NaN where none of them is known, since such a window has no loss.
   */
  readonly loss: number;
  /** 0.999 of the smooth loss before and 0.001 of this loss; starts at the baseline of what is learnt. */
  readonly smoothLoss: number;
  /** exp of this step's mean loss per character (of a task: per target that counts). */
  readonly perplexity: number;
  /** This step's mean loss per character in bits. */
  readonly bitsPerChar: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Learning rate of this step. */
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

/** How a step's window counts. */
export interface WindowMeaning {
  /** Targets that count in a whole window. */
  readonly scored: number;
  readonly report: Loss;
  /** Whether the gradient is clipped, so that there is no point in advising it. Default: false. */
  readonly clips?: boolean;
}

/** One step that the device has done. */
export interface DoneStep {
  readonly step: number;
  readonly epoch: number;
  readonly rate: number;
  /** Known targets of its window. */
  readonly counted: number;
}

/** Whether advice is due after so many steps in a row: 3, and then with growing distance. */
function isAdviceDue(steps: number): boolean {
  return steps === 3 || /^10+$/.test(String(steps));
}

/** Turns what the device reports into numbers for people, and follows the smooth loss. */
export class Metrics {
  smoothLoss: number;
  skippedTotal = 0;
  #baseline: number;
  #skippedInARow = 0;
  #withoutRate = 0;

  /** @param perTarget loss in nats per target of a network that has learnt nothing */
  constructor(
    readonly meaning: WindowMeaning,
    perTarget: number,
  ) {
    this.#baseline = perTarget;
    this.smoothLoss = this.baseline;
  }

  /** Loss of a network that has learnt nothing, as `loss` is told. */
  get baseline(): number {
    const { scored, report } = this.meaning;
    return report === 'sum' ? this.#baseline * scored : this.#baseline;
  }

  /**
   * Takes the baseline of what is learnt.
   * @param perTarget in nats
   * @param anew whether no step has been done: the smooth loss then starts there
   */
  setBaseline(perTarget: number, anew: boolean): void {
    this.#baseline = perTarget;
    if (anew) this.smoothLoss = this.baseline;
  }

  /** @param report the four numbers of one step, see REPORT_FIELDS */
  next({ step, epoch, rate, counted }: DoneStep, report: ArrayLike<number>): StepReport {
    const sum = report[REPORT_FIELDS.loss];
    const gradientNorm = report[REPORT_FIELDS.gradientNorm];
    // The device adds up nothing where no target is known: that is no loss, and not a loss of 0.
    const mean = counted === 0 ? NaN : sum / counted;
    const loss = this.meaning.report === 'sum' && counted > 0 ? sum : mean;
    const skipped = report[REPORT_FIELDS.usable] === 0;
    if (Number.isFinite(loss)) this.smoothLoss = this.smoothLoss * 0.999 + loss * 0.001;
    this.#skippedInARow = skipped ? this.#skippedInARow + 1 : 0;
    this.#withoutRate = rate === 0 ? this.#withoutRate + 1 : 0;
    if (skipped) this.skippedTotal++;
    const advice = this.#advice();
    return {
      step,
      epoch,
      loss,
      smoothLoss: this.smoothLoss,
      perplexity: Math.exp(mean),
      bitsPerChar: mean / Math.LN2,
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
        `${this.meaning.clips === true ? '' : ', or clip the gradient'}.`
      );
    if (isAdviceDue(this.#withoutRate))
      return (
        `The learning rate was 0 for ${this.#withoutRate} steps in a row, and nothing is learnt: the ` +
        'schedule has come to its end. Plan it for more steps, or give it a floor.'
      );
    return undefined;
  }
}
