import { bitsOf, perplexityOf, type StepReport } from '../node.js';
import type { StepEvent } from './events.js';

/** A mean loss in nats as events have it. */
export function lossFigures(loss: number): {
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
} {
  return { loss, perplexity: perplexityOf(loss), bitsPerChar: bitsOf(loss) };
}

/** Averages reports between two lines of output, and measures the time spent on training alone. */
export class Meter {
  #began = performance.now();
  /** Time of the segments that are over, and when the one that runs began. */
  #training = 0;
  #segment: number | undefined;
  #characters = 0;
  #steps = 0;
  /** Since the last line. */
  #interval = { bits: 0, finite: 0, steps: 0, time: 0 };
  #report: StepReport | undefined;
  /** The line written last, for the end of the run. */
  last: Pick<StepEvent, 'loss' | 'smoothLoss' | 'perplexity' | 'bitsPerChar'> = {
    loss: NaN,
    smoothLoss: NaN,
    perplexity: NaN,
    bitsPerChar: NaN,
  };

  /** @param charactersPerStep N·T */
  constructor(readonly charactersPerStep: number) {}

  begin(): void {
    this.#segment = performance.now();
  }

  end(): void {
    this.#training = this.#trainingTime();
    this.#segment = undefined;
  }

  take(report: StepReport): void {
    this.#report = report;
    this.#steps++;
    this.#characters += this.charactersPerStep;
    this.#interval.steps++;
    const bits = bitsOf(report.meanLoss);
    if (!Number.isFinite(bits)) return;
    this.#interval.bits += bits;
    this.#interval.finite++;
  }

  /** Tells the line that is due, if a step came since the last one. */
  flush(tell: (event: StepEvent) => void): void {
    const report = this.#report;
    if (!report) return;
    const now = this.#trainingTime();
    const { bits, finite, steps, time } = this.#interval;
    const bitsPerChar = finite > 0 ? bits / finite : NaN;
    const { step, epoch, loss, smoothLoss, gradientNorm, rate, skippedTotal } = report;
    const stepsPerSecond = (steps * 1000) / Math.max(now - time, 1e-3);
    const perplexity = 2 ** bitsPerChar;
    this.last = { loss, smoothLoss, perplexity, bitsPerChar };
    this.#interval = { bits: 0, finite: 0, steps: 0, time: now };
    this.#report = undefined;
    tell({
      event: 'step',
      step,
      epoch,
      loss,
      smoothLoss,
      perplexity,
      bitsPerChar,
      gradientNorm,
      rate,
      stepsPerSecond,
      charsPerSecond: stepsPerSecond * this.charactersPerStep,
      skipped: skippedTotal,
    });
  }

  /** Of training alone. */
  get stepsPerSecond(): number {
    return (this.#steps * 1000) / Math.max(this.#trainingTime(), 1e-3);
  }

  get charsPerSecond(): number {
    return (this.#characters * 1000) / Math.max(this.#trainingTime(), 1e-3);
  }

  /** Wall-clock time since the run began. */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #trainingTime(): number {
    return this.#training + (this.#segment === undefined ? 0 : performance.now() - this.#segment);
  }
}
