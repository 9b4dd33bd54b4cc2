/** What all workers of a run must agree on: plain data, compared as JSON. */
export type Terms = Readonly<Record<string, string | number | boolean>>;

/** The weights that a worker reached at the end of a round. */
export interface Contribution {
  /** [E], all parameters in one array. */
  readonly weights: Float32Array;
  /** Bytes sent or received for it. */
  readonly bytes: number;
}

/** The result of a round's outer step. */
export interface SpreadModel {
  readonly round: number;
  /** [E], where the next round starts. */
  readonly weights: Float32Array;
  /** [E], the momentum of the outer step. */
  readonly velocity: Float32Array;
}

/**
 * Connects the workers of a run. A round has one contribution of each worker, and the first one
 * counts: a worker that was killed and repeats its round finds its earlier contribution. Methods
 * that may wait take a signal, and throw its reason.
 */
export interface Exchange {
  /**
   * Stores the terms of the run for the other workers, or compares them with the stored ones. A
   * rejected worker stores the reason for those that wait for it.
   * @throws OptionError naming the term that differs
   */
  agree(terms: Terms, worker: number): Promise<void>;
  /** Returns why a worker was rejected; undefined if it was not. */
  refusal(worker: number): Promise<string | undefined>;
  /** Stores the weights of a worker, unless its contribution exists. @returns bytes sent */
  put(round: number, worker: number, weights: Float32Array, signal?: AbortSignal): Promise<number>;
  /**
   * Waits for a contribution.
   * @returns undefined if it was deleted, because others have left the model of a later round
   * @throws DataError for a damaged one
   */
  take(round: number, worker: number, signal?: AbortSignal): Promise<Contribution | undefined>;
  /** Deletes a contribution that is not needed any more. */
  drop(round: number, worker: number): Promise<void>;
  /** Deletes everything of a round that only a worker that was left behind can be in. */
  forget(round: number): Promise<void>;

  /** Returns those of `workers` whose contribution to a round exists. */
  handedIn(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Announces that a worker that was left behind takes part from this round on. */
  join(round: number, worker: number, signal?: AbortSignal): Promise<void>;
  /** Returns those of `workers` that announced to take part from this round on. */
  joined(round: number, workers: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /**
   * Closes a round with the contributions of `members`, unless it is closed.
   * @returns the members according to the worker that closed it
   */
  close(round: number, members: readonly number[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Returns the members of a closed round. */
  closed(round: number, signal?: AbortSignal): Promise<readonly number[] | undefined>;
  /** Stores the model of a round for workers that were left behind, in place of older ones. */
  leave(model: SpreadModel): Promise<void>;
  /** Returns the newest stored model of this round or a later one. */
  newest(from: number): Promise<SpreadModel | undefined>;
  /**
   * Waits until something may have changed. @param looks how often the caller has looked already
   */
  change(looks: number, signal?: AbortSignal): Promise<void>;
}
