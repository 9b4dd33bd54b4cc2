import type { StepReport } from '../train/step-report.js';

/** Measurements of the steps between two lines of output. */
export interface MeterLine {
  /** Report of the last step. */
  readonly report: StepReport;
  /** Number of steps. */
  readonly steps: number;
  /** Mean value of the steps that have a value; NaN if none has. */
  readonly mean: number;
  /** Milliseconds of training. */
  readonly ms: number;
  /**
   * Speed over the last lines that took two seconds together, or over all lines. Reports of a
   * submit arrive at once, so a single line would be too short. NaN if no time has passed.
   */
  readonly stepsPerSecond: number;
}

/** Milliseconds over which the speed is measured. */
const SPEED_MS = 2000;

/**
 * Averages reports between two lines of output, and measures the time of training without samples,
 * evaluations and pauses.
 */
export class StepMeter {
  /** Number of steps so far. */
  steps = 0;
  /** Milliseconds of the segments that have ended. */
  #over = 0;
  /** Start of the running segment. */
  #began: number | undefined;
  #line = { sum: 0, values: 0, steps: 0, since: 0 };
  #report: StepReport | undefined;
  readonly #spans: { readonly steps: number; readonly ms: number }[] = [];

  /** @param valueOf the value to average; undefined for a step without a value */
  constructor(readonly valueOf: (report: StepReport) => number | undefined) {}

  /** Starts a segment of training. */
  begin(): void {
    this.#began = performance.now();
  }

  /** Ends the segment. */
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

  /**
   * Ends the line.
   * @returns its measurements; undefined if there was no step since the last line
   */
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

  /** Adds a line. @returns steps per second over the last lines that took long enough */
  #speed(line: { readonly steps: number; readonly ms: number }): number {
    const spans = this.#spans;
    spans.push(line);
    let ms = spans.reduce((sum, span) => sum + span.ms, 0);
    while (spans.length > 1 && ms - spans[0].ms >= SPEED_MS) ms -= spans.shift()?.ms ?? 0;
    const steps = spans.reduce((sum, span) => sum + span.steps, 0);
    return ms > 0 ? (steps * 1000) / ms : NaN;
  }

  /** Milliseconds of training so far. */
  get ms(): number {
    return this.#over + (this.#began === undefined ? 0 : performance.now() - this.#began);
  }
}
