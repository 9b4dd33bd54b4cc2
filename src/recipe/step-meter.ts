import type { StepReport } from '../train/step-report.js';

/** What was measured of the steps since the line before. */
export interface MeterLine {
  /** Of the last step. */
  readonly report: StepReport;
  readonly steps: number;
  /** Mean over the steps that have a value; NaN where none has. */
  readonly mean: number;
  /** Milliseconds of training alone. */
  readonly ms: number;
  /**
   * Over the last lines that took two seconds together, or all. Reports of one submit come at once:
   * of a single line it would be anything. NaN where no time has passed.
   */
  readonly stepsPerSecond: number;
}

/** Milliseconds that a speed is measured over. */
const SPEED_MS = 2000;

/**
 * Averages reports between two lines of output, and measures the time that is spent on training
 * alone: samples, evaluations and pauses between two stretches do not count.
 */
export class StepMeter {
  /** Steps in all. */
  steps = 0;
  /** Milliseconds of the stretches that are over, and when the one that runs began. */
  #over = 0;
  #began: number | undefined;
  #line = { sum: 0, values: 0, steps: 0, since: 0 };
  #report: StepReport | undefined;
  readonly #spans: { readonly steps: number; readonly ms: number }[] = [];

  /** @param valueOf what is averaged; undefined for a step that does not count */
  constructor(readonly valueOf: (report: StepReport) => number | undefined) {}

  /** A stretch begins. */
  begin(): void {
    this.#began = performance.now();
  }

  /** The stretch is over. */
  end(): void {
    this.#over = this.ms;
    this.#began = undefined;
  }

  take(report: StepReport): void {
    this.#report = report;
    this.steps++;
    this.#line.steps++;
    const value = this.valueOf(report);
    if (value === undefined) return;
    this.#line.sum += value;
    this.#line.values++;
  }

  /** Ends the line; undefined where no step came since the one before. */
  cut(): MeterLine | undefined {
    const report = this.#report;
    if (!report) return undefined;
    const now = this.ms;
    const { sum, values, steps, since } = this.#line;
    this.#line = { sum: 0, values: 0, steps: 0, since: now };
    this.#report = undefined;
    const ms = now - since;
    return { report, steps, mean: sum / values, ms, stepsPerSecond: this.#speed({ steps, ms }) };
  }

  /** With one line more: of the last ones that took long enough. */
  #speed(line: { readonly steps: number; readonly ms: number }): number {
    const spans = this.#spans;
    spans.push(line);
    let ms = spans.reduce((sum, span) => sum + span.ms, 0);
    while (spans.length > 1 && ms - spans[0].ms >= SPEED_MS) ms -= spans.shift()?.ms ?? 0;
    const steps = spans.reduce((sum, span) => sum + span.steps, 0);
    return ms > 0 ? (steps * 1000) / ms : NaN;
  }

  /** Milliseconds of training alone, in all. */
  get ms(): number {
    return this.#over + (this.#began === undefined ? 0 : performance.now() - this.#began);
  }
}
