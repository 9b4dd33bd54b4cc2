import type { StepReport } from '../node.js';
import { bitsOf, perplexityOf, StepMeter } from '../graph.js';
import type {
  Final,
  FinalFacts,
  RecordMeans,
  RecordSpeed,
  StepEvent,
  StepFacts,
  TextMeans,
  TextSpeed,
} from './events.js';

/** A mean loss in nats, in the form of events. */
export function lossFigures(loss: number): { readonly loss: number } & TextMeans {
  return { loss, perplexity: perplexityOf(loss), bitsPerChar: bitsOf(loss) };
}

/** What a run counts and averages between two reports. */
export interface Counted<Means extends object, Speed extends object> {
  /** Characters or records in one step. */
  readonly perStep: number;
  /** Their name in the progress line. */
  readonly unit: 'chars' | 'records';
  /** The number of one step that is averaged. A step without a finite value does not count. */
  readonly value: (report: StepReport) => number;
  /** The mean in the form of events; NaN where no step counts. */
  readonly means: (mean: number) => Means;
  readonly speed: (perSecond: number) => Speed;
}

/** Collects the reports of a run, and measures its speed. */
export interface RunMeter extends StepMeter {
  /** Emits the pending report, if there was a step since the last one. */
  flush(tell: (event: StepEvent) => void): void;
  /** The numbers at the end of the run, including those of the last report. */
  final(): Final;
  /** The speed, for the progress line. */
  readonly speed: string;
  /** Speed of training steps only. */
  readonly stepsPerSecond: number;
}

/** Of a run over a text, or over a made-up task. @param charactersPerStep N·T */
export function textMeter(charactersPerStep: number): RunMeter {
  return new Meter<TextMeans, TextSpeed>({
    perStep: charactersPerStep,
    unit: 'chars',
    value: ({ meanLoss }) => bitsOf(meanLoss),
    means: (bitsPerChar) => ({ perplexity: 2 ** bitsPerChar, bitsPerChar }),
    speed: (charsPerSecond) => ({ charsPerSecond }),
  });
}

/** Of a run over records. @param recordsPerStep N */
export function recordMeter(recordsPerStep: number): RunMeter {
  return new Meter<RecordMeans, RecordSpeed>({
    perStep: recordsPerStep,
    unit: 'records',
    value: ({ meanLoss }) => meanLoss,
    means: (meanLoss) => ({ meanLoss }),
    speed: (recordsPerSecond) => ({ recordsPerSecond }),
  });
}

class Meter<Means extends object, Speed extends object> extends StepMeter {
  readonly #start = performance.now();
  #losses = { loss: NaN, smoothLoss: NaN };
  #means: Means;

  constructor(readonly counted: Counted<Means, Speed>) {
    super((report) => {
      const value = counted.value(report);
      return Number.isFinite(value) ? value : undefined;
    });
    this.#means = counted.means(NaN);
  }

  flush(tell: (event: StepFacts & Means & Speed) => void): void {
    const line = this.cut();
    if (!line) return;
    const { step, epoch, loss, smoothLoss, gradientNorm, rate, skippedTotal: skipped } = line.report;
    const { means, speed, perStep } = this.counted;
    const { stepsPerSecond } = line;
    this.#losses = { loss, smoothLoss };
    this.#means = means(line.mean);
    tell({
      ...{ event: 'step', step, epoch, loss, smoothLoss },
      ...this.#means,
      ...{ gradientNorm, rate, stepsPerSecond },
      ...speed(stepsPerSecond * perStep),
      skipped,
    });
  }

  final(): FinalFacts & Means & Speed {
    const seconds = (performance.now() - this.#start) / 1000;
    return { ...this.#losses, ...this.#means, seconds, ...this.counted.speed(this.#perSecond) };
  }

  get speed(): string {
    return `${Math.round(this.#perSecond).toLocaleString('en-US')} ${this.counted.unit}/s`;
  }

  get stepsPerSecond(): number {
    return (this.steps * 1000) / Math.max(this.ms, 1e-3);
  }

  get #perSecond(): number {
    return this.stepsPerSecond * this.counted.perStep;
  }
}
