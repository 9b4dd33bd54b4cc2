/**
 * The interface between a sweep and what trains. The command starts child processes; a worker of a
 * queue, a page and tests have runners of their own.
 */

/** A value of one option, as a person writes it. */
export type Value = string | number | boolean;

/** Options by name, as in `train --help` without the dashes. */
export type Point = Readonly<Record<string, Value>>;

/** Numbers by name, such as `loss` and `perplexity`; NaN if a run had no finite one. */
export type Measures = Readonly<Record<string, number>>;

/** The part of the data that a report is about. */
export type ReportPart = 'train' | 'validation';

/** A trial's report after a step. */
export interface Report {
  readonly part: ReportPart;
  readonly step: number;
  /** Since the trial began, without the time in which it waited. */
  readonly seconds: number;
  readonly measures: Measures;
}

/** A state that the trial can continue from. */
export interface TrialCheckpoint {
  readonly step: number;
  readonly seconds: number;
  /** Relative to the folder of the record. */
  readonly path: string;
}

/** A trial to run, or to continue from its last checkpoint, which the runner finds. */
export interface TrialRequest {
  /** Counted from 0. */
  readonly number: number;
  readonly point: Point;
  readonly seed: number;
  /**
   * A report at which the coordinator will pause the trial. A remote runner can pause it without
   * being asked.
   */
  readonly pauseAt?: RungReport;
}

/** The first report of a measure from a step on. */
export interface RungReport {
  readonly part: ReportPart;
  readonly measure: string;
  readonly step: number;
}

/**
 * Events of a running trial. A continued trial first repeats the events up to its checkpoint,
 * because a coordinator may have been killed before it stored them. Known reports are dropped.
 */
export type TrialEvent =
  | { readonly kind: 'facts'; readonly facts: Readonly<Record<string, Value>> }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'checkpoint'; readonly checkpoint: TrialCheckpoint };

/** How a trial ended or paused. */
export type TrialOutcome =
  | { readonly ended: 'complete' }
  /**
   * It was asked to pause, and has written a checkpoint if possible; or a machine could not take it,
   * with the reason.
   */
  | { readonly ended: 'paused'; readonly why?: string }
  /** It ended without an outcome, such as a killed process: another attempt may succeed. */
  | { readonly ended: 'lost'; readonly why: string }
  /** The options or the training are at fault: another attempt would fail in the same way. */
  | { readonly ended: 'failed'; readonly why: string }
  /** The machine is at fault, such as with a full disk: no trial can continue here. */
  | { readonly ended: 'blocked'; readonly why: string };

/** Trains. */
export interface TrialRunner {
  /**
   * Runs a trial to its end, or until `pause` is aborted: then the trial writes a checkpoint,
   * reports it and ends as `paused`.
   */
  run(request: TrialRequest, tell: (event: TrialEvent) => void, pause: AbortSignal): Promise<TrialOutcome>;
}
