import type { Pacing } from './pacing.js';
import type { StepUnderWay } from './training-steps.js';

/** Number of rounds that are under way at once: one runs while the next is recorded. */
const IN_FLIGHT = 2;

/** Options of `runRounds`. */
export interface RoundsOptions<R> {
  /** Number of steps; Infinity: until the caller leaves the loop. */
  readonly steps: number;
  /** Stops after the rounds that are under way. */
  readonly signal: AbortSignal | undefined;
  /** Submits a number of steps to the device. */
  readonly submit: (count: number) => Promise<readonly StepUnderWay[]>;
  /** Waits for a round, and returns a result for each step. */
  readonly collect: (steps: readonly StepUnderWay[]) => Promise<readonly R[]>;
}

/**
 * Submits steps in rounds, whose sizes `pacing` chooses, and yields the result of each step. If the
 * caller leaves the loop early, it waits for the rounds that are under way.
 */
export async function* runRounds<R>(
  pacing: Pacing,
  { steps, signal, submit, collect }: RoundsOptions<R>,
): AsyncGenerator<R, void, void> {
  let left = steps;
  const queue: (readonly StepUnderWay[])[] = [];
  try {
    while (left > 0 || queue.length > 0) {
      while (left > 0 && queue.length < IN_FLIGHT && signal?.aborted !== true) {
        const count = pacing.next(left);
        if (queue.length === 0) pacing.begin(performance.now());
        const round = await submit(count);
        queue.push(round);
        left -= round.length;
      }
      const first = queue.shift();
      if (!first) return;
      yield* await collect(first);
    }
  } finally {
    await Promise.allSettled(queue.map(collect));
  }
}
