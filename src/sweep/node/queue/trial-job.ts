import type { Measures, TrialEvent, TrialRequest } from '../../trial.js';

/** Name of the queue. All sweeps of a server share it, and a worker takes jobs of any of them. */
export const QUEUE_NAME = 'unrolled-trials';

/** A file or folder that a trial reads, with the hash of its content. */
export interface TrialFile {
  /** Relative to the folder of the record. */
  readonly path: string;
  readonly sha256: string;
}

/** An option of `train` that names files, with its files. */
export interface TrialInput {
  readonly option: string;
  readonly files: readonly TrialFile[];
}

/**
 * A trial, or a worker of a spread run, as plain data for another machine. Paths are relative to the
 * folder of the record, which may have another path there.
 */
export interface TrialJob extends TrialRequest {
  /** The mark of the sweep; see `sweepMark`. A worker compares it with the mark in its folder. */
  readonly sweep: string;
  /** The folder of the record on the coordinator's machine. */
  readonly folder: string;
  /** Name of the record in that folder. */
  readonly record: string;
  /** The options of `train` for this point, except those that name files. */
  readonly train: readonly string[];
  /** The options that name files. A worker checks the files before the trial starts. */
  readonly inputs: readonly TrialInput[];
  /** Options of the machine, which `resume` needs besides the checkpoint. */
  readonly machine: readonly string[];
  /** Version of unrolled. */
  readonly version: string;
  /** Number of the worker of a spread run; undefined for a trial. Then `folder` is that of the run. */
  readonly spread?: number;
  /** Whether the coordinator asks the worker to pause the job. */
  readonly pause?: boolean;
}

/** Formats events as a row of a job's log. */
export function rowOf(events: readonly TrialEvent[]): string {
  return JSON.stringify(events);
}

/** Parses a row. JSON stores null for a number that is not finite, which becomes NaN. */
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
