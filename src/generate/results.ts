import type { Reports } from '../plan/device.js';

/** A sequence as it was found. */
export interface Found {
  readonly ids: readonly number[];
  readonly logProbability: number;
  /** Attention rows of each id's step over all S positions, where the step reports them. */
  readonly attention: readonly Float32Array[];
}

/** One hypothesis of a step of a beam search. */
export interface Hypothesis {
  /** The symbol that it goes on with. */
  readonly id: number;
  /** Place of the hypothesis that it continues in the step before; 0 at the first step. */
  readonly parent: number;
  /** Sum of the log-probabilities of its ids, in nats. */
  readonly logProbability: number;
  /** Whether it ends here: with the end symbol, or at the greatest length. */
  readonly ended: boolean;
}

/**
 * A beam search step by step: the hypotheses that were kept of all continuations, the best first. One
 * that did not end, and that no hypothesis of the next step continues, was dropped there. A prefix
 * counts as steps.
 */
export type SearchSteps = readonly (readonly Hypothesis[])[];

/** What the host makes of the reports of steps, while the device goes on. */
export interface Tracker {
  /** Takes the reports of the next step. */
  take(reports: Reports): void;
  /** Whether no further step can change the results. */
  readonly done: boolean;
  /** Ids of the first sequence, as far as they are certain. */
  readonly certain: readonly number[];
  /** For each row its results: of a search the best first, samples as they were drawn. */
  results(): readonly (readonly Found[])[];
  /** For each row the steps of its search; undefined where nothing is searched. */
  searches?(): readonly SearchSteps[];
}

/** What trackers know of the sequences. */
export interface Tracked {
  /** Rows that somebody asked for. Those behind them fill N up to a power of two. */
  readonly rows: number;
  /** N*B: hypotheses of all rows in a report. */
  readonly hypotheses: number;
  /** B */
  readonly width: number;
  /** Steps of each row that read its start alone, and choose nothing. */
  readonly warmUp: readonly number[];
  /** Symbols of a result at most. */
  readonly longest: number;
  /** Ids that each result is forced to begin with: they add nothing. */
  readonly prefix: number;
  readonly end: number | undefined;
}

/** Row `r` of a report [R,S]; nothing where the step has no such report. */
export function attentionRow(report: ArrayLike<number> | undefined, r: number, R: number): Float32Array[] {
  if (!report) return [];
  const S = report.length / R;
  return [(report as Float32Array).slice(r * S, (r + 1) * S)];
}
