import type { Reports } from '../plan/device.js';

/** A sequence that a tracker found. */
export interface Found {
  readonly ids: readonly number[];
  readonly logProbability: number;
  /**
   * Attention weights of each id's step over all S positions; empty if steps do not report them.
   */
  readonly attention: readonly Float32Array[];
}

/** One hypothesis of a step of a beam search. */
export interface Hypothesis {
  /** Id of the symbol that was added in this step. */
  readonly id: number;
  /** Index of the hypothesis of the previous step that it continues; 0 in the first step. */
  readonly parent: number;
  /** Sum of the log-probabilities of its ids, in nats. */
  readonly logProbability: number;
  /** Whether it ends here: with the end symbol, or at the greatest length. */
  readonly ended: boolean;
}

/**
 * The steps of a beam search: the hypotheses that were kept in each step, the best first. A
 * hypothesis that did not end, and that none of the next step continues, was dropped. Symbols of a
 * prefix are steps too.
 */
export type SearchSteps = readonly (readonly Hypothesis[])[];

/** The host's part of a generation: collects sequences from the reports of steps. */
export interface Tracker {
  /** Takes the reports of the next step. */
  take(reports: Reports): void;
  /** Whether no further step can change the results. */
  readonly done: boolean;
  /** Ids of the first sequence that later steps cannot change. */
  readonly certain: readonly number[];
  /**
   * Results of each row: of a beam search the best first, of sampling in the order of the draws.
   */
  results(): readonly (readonly Found[])[];
  /** For a beam search: the steps of each row. */
  searches?(): readonly SearchSteps[];
}

/** Sizes of the sequences that a tracker collects. */
export interface Tracked {
  /** Number of conditions. Later rows fill N up to a power of two. */
  readonly rows: number;
  /** N*B: hypotheses of all rows in a report. */
  readonly hypotheses: number;
  /** B: hypotheses of each row. */
  readonly width: number;
  /** For each row, the number of steps that only read its start. */
  readonly warmUp: readonly number[];
  /** Largest number of symbols in a result. */
  readonly longest: number;
  /** Number of ids of the prefix, which have no part in the log-probability. */
  readonly prefix: number;
  readonly end: number | undefined;
}

/** Row `r` of a report [R,S], as the only element of an array; an empty array without a report. */
export function attentionRow(report: ArrayLike<number> | undefined, r: number, R: number): Float32Array[] {
  if (!report) return [];
  const S = report.length / R;
  return [(report as Float32Array).slice(r * S, (r + 1) * S)];
}
