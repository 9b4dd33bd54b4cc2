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

/** A mean loss in nats as events have it. */
export function lossFigures(loss: number): { readonly loss: number } & TextMeans {
  return { loss, perplexity: perplexityOf(loss), bitsPerChar: bitsOf(loss) };
}

/** What a run counts and averages between two reports. */
export interface Counted<Means extends object, Speed extends object> {
  /** What a step learns from: characters, or records. */
  readonly perStep: number;
  /** How the progress line calls them. */
  readonly unit: 'chars' | 'records';
  /** What is averaged, of one step; a step without a finite value does not count. */
  readonly value: (report: StepReport) => number;
  /** The mean as events have it; NaN where no step counts. */
  readonly means: (mean: number) => Means;
  readonly speed: (perSecond: number) => Speed;
}

/** The reports of a run, and how fast it is. */
export interface RunMeter extends StepMeter {
  /** Tells the report that is due, if a step came since the last one. */
  flush(tell: (event: StepEvent) => void): void;
  /** The end of the run in numbers, those of the last report among them. */
  final(): Final;
  /** How fast it is, for the progress line. */
  readonly speed: string;
  /** Of training alone. */
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
