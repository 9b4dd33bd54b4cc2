import { bitsOf, perplexityOf, StepMeter } from '../graph.js';
import type { StepEvent } from './events.js';

/** A mean loss in nats as events have it. */
export function lossFigures(loss: number): {
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
} {
  return { loss, perplexity: perplexityOf(loss), bitsPerChar: bitsOf(loss) };
}

/** The lines of a run, and how fast it is. */
export class Meter extends StepMeter {
  readonly #start = performance.now();
  /** The line written last, for the end of the run. */
  last: Pick<StepEvent, 'loss' | 'smoothLoss' | 'perplexity' | 'bitsPerChar'> = {
    loss: NaN,
    smoothLoss: NaN,
    perplexity: NaN,
    bitsPerChar: NaN,
  };

  /** @param charactersPerStep N·T */
  constructor(readonly charactersPerStep: number) {
    super(({ meanLoss }) => {
      const bits = bitsOf(meanLoss);
      return Number.isFinite(bits) ? bits : undefined;
    });
  }

  /** Tells the line that is due, if a step came since the last one. */
  flush(tell: (event: StepEvent) => void): void {
    const line = this.cut();
    if (!line) return;
    const { steps, ms, mean: bitsPerChar } = line;
    const { step, epoch, loss, smoothLoss, gradientNorm, rate, skippedTotal } = line.report;
    const stepsPerSecond = (steps * 1000) / Math.max(ms, 1e-3);
    const perplexity = 2 ** bitsPerChar;
    this.last = { loss, smoothLoss, perplexity, bitsPerChar };
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
    return (this.steps * 1000) / Math.max(this.ms, 1e-3);
  }

  get charsPerSecond(): number {
    return (this.steps * this.charactersPerStep * 1000) / Math.max(this.ms, 1e-3);
  }

  /** Wall-clock time since the run began. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}
