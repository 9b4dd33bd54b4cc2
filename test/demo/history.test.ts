import { expect, test } from 'vitest';
import { History } from '../../demo/src/training/history.js';
import type { Progress } from '../../demo/src/training/protocol.js';

const report = {
  epoch: 0,
  loss: 0,
  smoothLoss: 0,
  meanLoss: 0,
  count: 1,
  gradientNorm: 1,
  rate: 0.1,
  skipped: false,
  skippedTotal: 0,
  skippedInARow: 0,
};
const progress = (step: number, loss: number, more: Partial<Progress> = {}): Progress => ({
  report: { ...report, step },
  loss,
  norm: 1,
  steps: 10,
  clipped: 0,
  stepsPerSecond: 1,
  ...more,
});

test('losses become bits per character, and the smoothed loss lies between the old one and the new', () => {
  const history = new History();
  history.add(progress(10, 25 * Math.log(8)), 1 / (25 * Math.LN2));
  history.add(progress(20, 25 * Math.log(4)), 1 / (25 * Math.LN2));
  expect(history.bits[0]).toBeCloseTo(3, 12);
  expect(history.bits[1]).toBeCloseTo(2, 12);
  expect(history.smooth[0]).toBeCloseTo(3, 12);
  expect(history.smooth[1]).toBeCloseTo(3 - (1 - Math.exp(-10 / 3)), 12);
});

test('a loss that is no number leaves the smoothed one as it was', () => {
  const history = new History();
  history.add(progress(10, 3), 1);
  history.add(progress(20, NaN), 1);
  history.add(progress(30, 3), 1);
  expect(history.smooth).toEqual([3, 3, 3]);
});

test('late news of a step are ignored, and going back forgets what came after', () => {
  const history = new History();
  for (const step of [10, 20, 20, 15, 30]) history.add(progress(step, step), 1);
  expect(history.step).toEqual([10, 20, 30]);
  history.validated({ step: 30, bitsPerChar: 5 });
  expect(history.validations).toEqual([{ step: 30, bitsPerChar: 5 }]);
  history.reset(20);
  expect(history.step).toEqual([10, 20]);
  expect(history.validations).toEqual([]);
  history.reset();
  expect(history.length).toBe(0);
});

test('too many points are merged: means stay means, peaks stay peaks, and no measurement is lost', () => {
  const history = new History();
  const count = 3000;
  for (let i = 1; i <= count; i++) {
    history.add(
      progress(10 * i, i % 2 === 0 ? 4 : 2, { norm: i === 5 ? 100 : 1, clipped: i === 5 ? 7 : 0 }),
      1,
    );
    if (i === 3 || i === 10) history.validated({ step: 10 * i, bitsPerChar: i });
  }
  history.add(progress(10 * count + 10, 4), 1);
  expect(history.length).toBe(count / 2 + 1);
  expect(history.bits.slice(0, -1).every((bits) => bits === 3)).toBe(true);
  expect(history.step[0]).toBe(20);
  expect(history.step.at(-2)).toBe(10 * count);
  expect(history.norm[2]).toBe(100);
  expect(history.clipped[2]).toBe(7);
  expect(history.validations).toEqual([
    { step: 40, bitsPerChar: 3 },
    { step: 100, bitsPerChar: 10 },
  ]);
});

test('early in a run, where the loss falls fast, the curve is not far above what is measured', () => {
  const history = new History();
  const loss = (step: number): number => 2 + 3.7 * Math.exp(-step / 30);
  for (let step = 1; step <= 40; step++) history.add(progress(step, loss(step), { steps: 1 }), 1);
  expect((history.smooth.at(-1) ?? NaN) - loss(40)).toBeLessThan(0.12); // 0.3 with a memory of ten steps
});
