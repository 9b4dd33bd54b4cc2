import type { Pacing } from './pacing.js';
import type { StepUnderWay } from './training-steps.js';

/** Rounds of submits that may be under way at once: one runs while the next is recorded. */
const IN_FLIGHT = 2;

/** How rounds are run. */
export interface RoundsOptions<R> {
  /** Steps in all; Infinity until the caller leaves the loop. */
  readonly steps: number;
  /** Ends after the rounds that are under way. */
  readonly signal: AbortSignal | undefined;
  /** Hands so many steps to the device. */
  readonly submit: (count: number) => Promise<readonly StepUnderWay[]>;
  /** Waits for a round. */
  readonly collect: (steps: readonly StepUnderWay[]) => Promise<readonly R[]>;
}

/**
 * Hands over steps in rounds, as many in each as `pacing` says, and yields what each round gives.
 * Leaving the loop early waits for what is under way.
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
