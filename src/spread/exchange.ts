/** What all workers of a run must have in common: plain data, compared as JSON. */
export type Terms = Readonly<Record<string, string | number | boolean>>;

/** The weights that a worker reached at the end of a round. */
export interface Contribution {
  /** [E], the arena of all parameters. */
  readonly weights: Float32Array;
  /** What was sent or received for it. */
  readonly bytes: number;
}

/**
 * How workers reach each other. A round has one contribution of each worker. The first one counts:
 * a worker that was killed and does its round again finds what it handed in before.
 */
export interface Exchange {
  /**
   * Leaves the terms of the run for the other workers, or compares them with those that are there.
   * @throws OptionError naming the term that differs
   */
  agree(terms: Terms): Promise<void>;
  /** Hands in what a worker reached, unless its contribution is there. @returns bytes sent */
  put(round: number, worker: number, weights: Float32Array): Promise<number>;
  /** Waits for a contribution. @throws the reason of the signal; DataError for a damaged one */
  take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution>;
  /** Deletes a contribution that nobody needs any more. */
  drop(round: number, worker: number): Promise<void>;
}
