import { bitsOf, perplexityOf, StepMeter, type MeterLine } from '../graph.js';
import type { DoneEvent, StepEvent } from './events.js';
import type { TaskDoneEvent, TaskStepEvent } from './task/events.js';

/** A mean loss in nats as events have it. */
export function lossFigures(loss: number): {
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
} {
  return { loss, perplexity: perplexityOf(loss), bitsPerChar: bitsOf(loss) };
}

/** The end of a run, without how and when it ended. */
export type Final<E> = Omit<E, 'event' | 'reason' | 'step'>;

/** The lines of a run, and how fast it is. */
export abstract class RunMeter extends StepMeter {
  readonly #start = performance.now();

  /** Tells the line that is due, if a step came since the last one. */
  flush(tell: (event: StepEvent | TaskStepEvent) => void): void {
    const line = this.cut();
    if (line) tell(this.event(line));
  }

  protected abstract event(line: MeterLine): StepEvent | TaskStepEvent;

  /** The end of the run in numbers, those of the last line among them. */
  abstract final(): Final<DoneEvent> | Final<TaskDoneEvent>;

  /** How fast it is, for the progress line. */
  abstract get speed(): string;

  /** Of training alone. */
  get stepsPerSecond(): number {
    return (this.steps * 1000) / Math.max(this.ms, 1e-3);
  }

  /** Wall-clock time since the run began. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

/** What every line has. */
export function stepFacts({ steps, ms, report }: MeterLine): {
  readonly stepsPerSecond: number;
  readonly facts: Pick<StepEvent, 'step' | 'epoch' | 'loss' | 'smoothLoss'>;
  readonly update: Pick<StepEvent, 'gradientNorm' | 'rate' | 'stepsPerSecond'>;
} {
  const { step, epoch, loss, smoothLoss, gradientNorm, rate } = report;
  const stepsPerSecond = (steps * 1000) / Math.max(ms, 1e-3);
  return {
    stepsPerSecond,
    facts: { step, epoch, loss, smoothLoss },
    update: { gradientNorm, rate, stepsPerSecond },
  };
}

/** Of a run over a text. */
export class TextMeter extends RunMeter {
  #last: Pick<StepEvent, 'loss' | 'smoothLoss' | 'perplexity' | 'bitsPerChar'> = {
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

  override final(): Final<DoneEvent> {
    return { ...this.#last, seconds: this.seconds, charsPerSecond: this.charsPerSecond };
  }

  override get speed(): string {
    return `${Math.round(this.charsPerSecond).toLocaleString('en-US')} chars/s`;
  }

  get charsPerSecond(): number {
    return (this.steps * this.charactersPerStep * 1000) / Math.max(this.ms, 1e-3);
  }

  protected override event(line: MeterLine): StepEvent {
    const bitsPerChar = line.mean;
    const { facts, update, stepsPerSecond } = stepFacts(line);
    const { loss, smoothLoss } = facts;
    const perplexity = 2 ** bitsPerChar;
    this.#last = { loss, smoothLoss, perplexity, bitsPerChar };
    return {
      event: 'step',
      ...facts,
      perplexity,
      bitsPerChar,
      ...update,
      charsPerSecond: stepsPerSecond * this.charactersPerStep,
      skipped: line.report.skippedTotal,
    };
  }
}
