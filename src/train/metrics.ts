import type { Loss } from './training-graph.js';
import { REPORT_FIELDS } from './update.js';

/** What a training step reports. */
export interface StepReport {
  /** Counts from 1. */
  readonly step: number;
  /** Passes over the data that were complete before this step. */
  readonly epoch: number;
  /** Loss of this step in nats, summed or averaged over the window as the options say. */
  readonly loss: number;
  /** 0.999 of the smooth loss before and 0.001 of this loss; starts at that of uniform guessing. */
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
  /** What to try, after several skipped updates in a row. */
  readonly advice?: string;
}

/** How a step's window counts. */
export interface WindowMeaning {
  readonly V: number;
  /** Targets that count in a window. */
  readonly scored: number;
  readonly report: Loss;
}

/** Loss of uniform guessing in nats: log V per target. */
export function uniformLoss({ V, scored, report }: WindowMeaning): number {
  return report === 'sum' ? Math.log(V) * scored : Math.log(V);
}

/** Skipped updates in a row after which advice is given. */
const SKIPPED_IN_A_ROW = 3;

/** Turns what the device reports into numbers for people, and follows the smooth loss. */
export class Metrics {
  smoothLoss: number;
  skippedTotal = 0;
  #skippedInARow = 0;

  constructor(readonly meaning: WindowMeaning) {
    this.smoothLoss = uniformLoss(meaning);
  }

  /** @param report the four numbers of one step, see REPORT_FIELDS */
  next(step: number, epoch: number, rate: number, report: ArrayLike<number>): StepReport {
    const sum = report[REPORT_FIELDS.loss];
    const gradientNorm = report[REPORT_FIELDS.gradientNorm];
    const mean = sum / this.meaning.scored;
    const loss = this.meaning.report === 'sum' ? sum : mean;
    const skipped = report[REPORT_FIELDS.usable] === 0;
    if (Number.isFinite(loss)) this.smoothLoss = this.smoothLoss * 0.999 + loss * 0.001;
    this.#skippedInARow = skipped ? this.#skippedInARow + 1 : 0;
    if (skipped) this.skippedTotal++;
    const advice =
      this.#skippedInARow > 0 && this.#skippedInARow % SKIPPED_IN_A_ROW === 0
        ? `The gradient was not finite for ${this.#skippedInARow} steps in a row: lower the rate, or ` +
          'clip the gradient.'
        : undefined;
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
      ...(advice === undefined ? {} : { advice }),
    };
  }
}
