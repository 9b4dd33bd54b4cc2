import type { StepsPerSubmit } from './steps-per-submit.js';
import type { SubmittedStep } from './training-steps.js';

/** Number of groups that are under way at once: one runs while the next is recorded. */
const IN_FLIGHT = 2;

/** Options of `runSubmits`. */
export interface SubmitLoopOptions<R> {
  /** Number of steps; Infinity: until the caller leaves the loop. */
  readonly steps: number;
  /** Stops after the groups that are under way. */
  readonly signal: AbortSignal | undefined;
  /** Submits a number of steps to the device. */
  readonly submit: (count: number) => Promise<readonly SubmittedStep[]>;
  /** Waits for a group, and returns a result for each step. */
  readonly collect: (steps: readonly SubmittedStep[]) => Promise<readonly R[]>;
}

/**
 * Submits steps in groups, whose sizes `stepsPerSubmit` chooses, and yields the result of each step.
 * If the caller leaves the loop early, it waits for the groups that are under way.
 */
export async function* runSubmits<R>(
  stepsPerSubmit: StepsPerSubmit,
  { steps, signal, submit, collect }: SubmitLoopOptions<R>,
): AsyncGenerator<R, void, void> {
  let left = steps;
  const queue: (readonly SubmittedStep[])[] = [];
  try {
    while (left > 0 || queue.length > 0) {
      while (left > 0 && queue.length < IN_FLIGHT && signal?.aborted !== true) {
        const count = stepsPerSubmit.next(left);
        if (queue.length === 0) stepsPerSubmit.begin(performance.now());
        const group = await submit(count);
        queue.push(group);
        left -= group.length;
      }
      const first = queue.shift();
      if (!first) return;
      yield* await collect(first);
    }
  } finally {
    await Promise.allSettled(queue.map(collect));
  }
}
