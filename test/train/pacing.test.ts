import { expect, it } from 'vitest';
import { Pacing } from '../../src/train/pacing.js';

/** Steps per submit on a device with `ms` per step and `overhead` per submit. */
function settle(ms: number, overhead: number, maxSteps = 64): number[] {
  const pacing = new Pacing(maxSteps);
  const sizes: number[] = [];
  let now = 0;
  pacing.begin(now);
  for (let i = 0; i < 20; i++) {
    const steps = pacing.next(Infinity);
    sizes.push(steps);
    now += overhead + ms * steps;
    pacing.arrived(steps, now);
  }
  return sizes;
}

it('begins with one step, at most doubles, and settles at submits of about 50 ms', () => {
  const sizes = settle(2, 1);
  expect(sizes[0]).toBe(1);
  sizes.slice(1).forEach((size, i) => expect(size).toBeLessThanOrEqual(2 * sizes[i]));
  expect(sizes[19]).toBeGreaterThanOrEqual(20);
  expect(sizes[19]).toBeLessThanOrEqual(25);
});

it('never exceeds what a submit takes or what is left, and slow steps go one by one', () => {
  expect(Math.max(...settle(0.01, 0.1))).toBe(64);
  expect(new Set(settle(400, 1))).toEqual(new Set([1]));
  expect(new Pacing(64).next(1)).toBe(1);
});
