/**
 * What a sweep asks of whatever trains. The command starts child processes; a worker of a queue or a
 * page can bring another runner, and tests bring a stub.
 */

/** A value of one option, as a person writes it. */
export type Value = string | number | boolean;

/** Options by name, as `train --help` has them without the dashes. */
export type Point = Readonly<Record<string, Value>>;

/** Numbers by name, such as `loss` and `perplexity`; NaN where a run had no finite one. */
export type Measures = Readonly<Record<string, number>>;

/** Which part of the data a report is of. */
export type ReportPart = 'train' | 'validation';

/** What a trial reports after a step. */
export interface Report {
  readonly part: ReportPart;
  readonly step: number;
  /** Since the trial began, without the time in which it waited. */
  readonly seconds: number;
  readonly measures: Measures;
}

/** A state that the trial can go on from. */
export interface TrialCheckpoint {
  readonly step: number;
  readonly seconds: number;
  /** Relative to the folder of the record. */
  readonly path: string;
}

/** A trial that is to be run, or to go on from its last checkpoint, which the runner finds. */
export interface TrialRequest {
  /** Counted from 0. */
  readonly number: number;
  readonly point: Point;
  readonly seed: number;
  /** A report at which the coordinator will let it pause: a runner that is far away need not wait for that. */
  readonly pauseAt?: RungReport;
}

/** The first report of a measure from a step on. */
export interface RungReport {
  readonly part: ReportPart;
  readonly measure: string;
  readonly step: number;
}

/**
 * What a trial tells while it runs. One that goes on first repeats what it told up to the checkpoint,
 * since a coordinator may have been killed before it wrote that down. Reports that are known are left
 * out.
 */
export type TrialEvent =
  | { readonly kind: 'facts'; readonly facts: Readonly<Record<string, Value>> }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'checkpoint'; readonly checkpoint: TrialCheckpoint };

/** How a trial came to an end, or to a pause. */
export type TrialOutcome =
  | { readonly ended: 'complete' }
  /**
   * It was asked to stop, and has written a checkpoint if it could; or a machine could not take it, with
   * the reason.
   */
  | { readonly ended: 'paused'; readonly why?: string }
  /** It went away without a word, as a process does that is killed: another attempt may do better. */
  | { readonly ended: 'lost'; readonly why: string }
  /** The options or the training are at fault: another attempt would end in the same way. */
  | { readonly ended: 'failed'; readonly why: string }
  /** The machine is at fault, as with a full disk: no trial can go on here. */
  | { readonly ended: 'blocked'; readonly why: string };

/** Trains. */
export interface TrialRunner {
  /**
   * Runs a trial to its end, or until `pause` is aborted: then the trial writes a checkpoint, tells
   * about it and ends as `paused`.
   */
  run(request: TrialRequest, tell: (event: TrialEvent) => void, pause: AbortSignal): Promise<TrialOutcome>;
}
