import { afterEach, expect, test, vi } from 'vitest';
import type { Run } from '../../demo/src/training/worker/run.js';
import { Validator } from '../../demo/src/training/worker/validator.js';

afterEach(() => vi.restoreAllMocks());

const clock = { now: 0 };

/**
 * A trainer whose evaluations take so many milliseconds, one after the other, by the test's clock.
 */
function trainerOf(...milliseconds: number[]): {
  step: number;
  evaluate: () => Promise<{ loss: number }>;
} {
  return {
    step: 1,
    evaluate: () => {
      clock.now += milliseconds.shift() ?? 0;
      return Promise.resolve({ loss: 2 * Math.LN2 });
    },
  };
}

/** When the next evaluation is due, in milliseconds from now. */
function untilDue(validator: Validator): number {
  const began = clock.now;
  while (!validator.due) clock.now += 10;
  return clock.now - began;
}

test(
  'the time of compiling does not count: the second evaluation comes soon, and later ones take a ' +
    'twentieth of the time',
  async () => {
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
    const run = { held: { length: 2000 }, trainer: trainerOf(8000, 100, 400) };
    const steps: number[] = [];
    const validatorOf = (): Validator => new Validator(run as unknown as Run, ({ step }) => steps.push(step));
    let validator = validatorOf();
    const next = async (step: number): Promise<number> => {
      await validator.evaluate();
      run.trainer.step = step;
      return untilDue(validator);
    };
    expect(untilDue(validator)).toBe(1500);
    expect(await next(2)).toBe(1500); // 8 s of compiling and evaluating would be 160 s
    expect(await next(3)).toBe(2000);
    expect(await next(4)).toBe(8000);
    // Another run, with a validator of its own, compiles again.
    run.trainer = trainerOf(6000, 200);
    run.trainer.step = 4;
    validator = validatorOf();
    expect(untilDue(validator)).toBe(1500);
    expect(await next(5)).toBe(1500);
    expect(await next(6)).toBe(4000);
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  },
);
