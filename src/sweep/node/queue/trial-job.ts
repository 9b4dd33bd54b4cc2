import type { Measures, TrialEvent, TrialRequest } from '../../trial.js';

/** All sweeps of a server have one queue: a worker takes trials of any of them. */
export const QUEUE_NAME = 'unrolled-trials';

/** A file, or a folder, that a trial reads, and what must be in it. */
export interface TrialFile {
  /** From the folder of the record. */
  readonly path: string;
  readonly sha256: string;
}

/** An option of `train` that names files. */
export interface TrialInput {
  readonly option: string;
  readonly files: readonly TrialFile[];
}

/** A trial as it travels. Paths are told from the folder of the record, which has another name elsewhere. */
export interface TrialJob extends TrialRequest {
  /** Which sweep: a mark that also lies beside its trials, so that no worker takes another folder for it. */
  readonly sweep: string;
  /** The folder of the record on the coordinator's machine, and the record's name in it. */
  readonly folder: string;
  readonly record: string;
  /** The options of `train` for this point, but for those that name files. */
  readonly train: readonly string[];
  /** Checked before the trial starts. */
  readonly inputs: readonly TrialInput[];
  /** Options of `resume`. */
  readonly machine: readonly string[];
  /** Of unrolled. */
  readonly version: string;
  /** Which worker of a spread run this is, where it is no trial; `folder` is that of the run. */
  readonly spread?: number;
  /** The coordinator asks for a checkpoint and an end. */
  readonly pause?: boolean;
}

/** Events as a row of a job's log. */
export function rowOf(events: readonly TrialEvent[]): string {
  return JSON.stringify(events);
}

/** JSON has null in place of a number that is not finite. */
export function eventsOf(row: string): TrialEvent[] {
  const events = JSON.parse(row) as readonly TrialEvent[];
  return events.map((event) => {
    if (event.kind !== 'report') return event;
    const measures = event.report.measures as Readonly<Record<string, number | null>>;
    return { kind: 'report', report: { ...event.report, measures: numbersIn(measures) } };
  });
}

function numbersIn(measures: Readonly<Record<string, number | null>>): Measures {
  return Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, value ?? NaN]));
}
