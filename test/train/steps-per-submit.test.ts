import { expect, it } from 'vitest';
import { StepsPerSubmit } from '../../src/train/steps-per-submit.js';

/**
 * Steps per submit on a device with `ms` per step and `overhead` per submit.
 * @param ahead factor of the time of steps in submits of several steps
 */
function settle(ms: number, overhead: number, maxSteps = 64, ahead = 1): number[] {
  const choice = new StepsPerSubmit(maxSteps);
  const sizes: number[] = [];
  let now = 0;
  choice.begin(now);
  for (let i = 0; i < 20; i++) {
    const steps = choice.next(Infinity);
    sizes.push(steps);
    now += overhead + ms * steps * (steps > 1 ? ahead : 1);
    choice.arrived(steps, now);
  }
  return sizes;
}

it('starts with one step, at most doubles, and settles at submits of about 50 ms', () => {
  const sizes = settle(2, 1);
  expect(sizes[0]).toBe(1);
  sizes.slice(1).forEach((size, i) => expect(size).toBeLessThanOrEqual(2 * sizes[i]));
  expect(sizes[19]).toBeGreaterThanOrEqual(20);
  expect(sizes[19]).toBeLessThanOrEqual(25);
});

it('returns to single steps if submits of many steps are clearly slower', () => {
  const sizes = settle(2, 1, 64, 2.3);
  expect(Math.max(...sizes)).toBeGreaterThan(4);
  expect(sizes.slice(-4)).toEqual([1, 1, 1, 1]);
  // A small difference, as from other load, or one below the overhead of single submits, is ignored.
  expect(settle(2, 2, 64, 1.5)[19]).toBeGreaterThan(10);
  expect(settle(2, 0, 64, 1.2)[19]).toBeGreaterThan(10);
});

it('never exceeds the limit of a submit or the steps left, and submits slow steps singly', () => {
  expect(Math.max(...settle(0.01, 0.1))).toBe(64);
  expect(new Set(settle(400, 1))).toEqual(new Set([1]));
  expect(new StepsPerSubmit(64).next(1)).toBe(1);
});
