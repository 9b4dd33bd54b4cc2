/** What all workers of a run must have in common: plain data, compared as JSON. */
export type Terms = Readonly<Record<string, string | number | boolean>>;

/** The weights that a worker reached at the end of a round. */
export interface Contribution {
  /** [E], the arena of all parameters. */
  readonly weights: Float32Array;
  /** What was sent or received for it. */
  readonly bytes: number;
}

/** What the outer step of a round made of the contributions. */
export interface SpreadModel {
  readonly round: number;
  /** [E], where the next round starts. */
  readonly weights: Float32Array;
  /** [E], the momentum of the outer step. */
  readonly velocity: Float32Array;
}

/**
 * How workers reach each other. A round has one contribution of each worker. The first one counts:
 * a worker that was killed and does its round again finds what it handed in before. What may have to
 * wait takes a signal, and throws its reason.
 */
export interface Exchange {
  /**
   * Leaves the terms of the run for the other workers, or compares them with those that are there.
   * A worker that is refused leaves a word for those that wait for it.
   * @throws OptionError naming the term that differs
   */
  agree(terms: Terms, worker: number): Promise<void>;
  /** Why a worker is not there, where it was refused. */
  refusal(worker: number): Promise<string | undefined>;
  /** Hands in what a worker reached, unless its contribution is there. @returns bytes sent */
  put(round: number, worker: number, weights: Float32Array, signal?: AbortSignal): Promise<number>;
  /** Waits for a contribution. @throws DataError for a damaged one */
  take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution>;
  /** Deletes a contribution that nobody needs any more. */
  drop(round: number, worker: number): Promise<void>;
  /** Deletes all that is left of a round that no worker can be in any more. */
  forget(round: number): Promise<void>;

  /** Those of `workers` whose contribution to a round is there. */
  handedIn(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Says that a worker that was left behind takes part from this round on. */
  join(round: number, worker: number, signal?: AbortSignal): Promise<void>;
  /** Those of `workers` that take part from this round on. */
  joined(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /**
   * Closes a round, unless it is closed: the contributions of `members` are those that count.
   * @returns the members, as the first one that closed it has them
   */
  close(round: number, members: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /** The members of a closed round. */
  closed(round: number, signal?: AbortSignal): Promise<readonly number[] | undefined>;
  /** Leaves the model of a round for workers that were left behind, in place of older ones. */
  leave(model: SpreadModel): Promise<void>;
  /** The newest model that was left, of this round or a later one. */
  newest(from: number): Promise<SpreadModel | undefined>;
  /** Waits until something may have changed. @param looks how often the caller has looked already */
  change(looks: number, signal?: AbortSignal): Promise<void>;
}
