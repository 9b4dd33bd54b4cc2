import { describe, expect, it } from 'vitest';
import { OptionError } from '../../src/core/errors.js';
import {
  constantRate,
  cosineDecay,
  rateAt,
  scheduleFromJSON,
  scheduleOfLength,
  stepDecay,
} from '../../src/train/schedules.js';

describe('rateAt', () => {
  it('constant is the base rate', () => {
    expect(rateAt(constantRate(), 1, 0, 0.1)).toBe(0.1);
    expect(rateAt(constantRate(), 1e6, 99, 0.1)).toBe(0.1);
  });

  it(
    'step decay keeps the rate for the first `after` epochs (0 to 9) and multiplies once per epoch from ' +
      'there, as char-rnn does',
    () => {
      const schedule = stepDecay();
      expect([0, 9, 10, 11, 19].map((epoch) => rateAt(schedule, 5, epoch, 2e-3))).toEqual([
        2e-3,
        2e-3,
        2e-3 * 0.97,
        2e-3 * 0.97 ** 2,
        2e-3 * 0.97 ** 10,
      ]);
    },
  );

  it('cosine falls from the base rate in the first step to the floor in the last and stays there', () => {
    const schedule = cosineDecay({ steps: 101, floor: 0.1 });
    expect(rateAt(schedule, 1, 1, 2)).toBe(2);
    expect(rateAt(schedule, 51, 1, 2)).toBeCloseTo(1.1, 12);
    expect(rateAt(schedule, 26, 1, 2)).toBeCloseTo(2 * (0.1 + 0.45 * (1 + Math.SQRT1_2)), 12);
    expect(rateAt(schedule, 101, 1, 2)).toBeCloseTo(0.2, 12);
    expect(rateAt(schedule, 1000, 1, 2)).toBeCloseTo(0.2, 12);
  });

  it('warm-up is a straight line that ends in step `warmup`, and the cosine starts there', () => {
    expect([1, 2, 4, 5, 6].map((step) => rateAt(constantRate({ warmup: 4 }), step, 1, 1))).toEqual([
      0.25, 0.5, 1, 1, 1,
    ]);
    const schedule = cosineDecay({ steps: 30, warmup: 10 });
    expect([1, 5, 10].map((step) => rateAt(schedule, step, 1, 1))).toEqual([0.1, 0.5, 1]);
    expect(rateAt(schedule, 20, 1, 1)).toBeCloseTo(0.5, 12);
    expect(rateAt(schedule, 30, 1, 1)).toBeCloseTo(0, 12);
    expect(rateAt(stepDecay({ decay: 0.5, after: 1, warmup: 4 }), 2, 2, 1)).toBe(0.125);
  });
});

describe('scheduleOfLength', () => {
  it('moves the end of a cosine, and does not change other schedules', () => {
    const cosine = cosineDecay({ steps: 10, floor: 0.2, warmup: 4 });
    expect(scheduleOfLength(cosine, 20)).toEqual(cosineDecay({ steps: 20, floor: 0.2, warmup: 4 }));
    for (const schedule of [constantRate({ warmup: 3 }), stepDecay({ decay: 0.5 })])
      expect(scheduleOfLength(schedule, 20)).toBe(schedule);
    expect(() => scheduleOfLength(cosine, 4)).toThrow('cosine.steps: expected a whole number of at least 5');
  });
});

describe('schedules', () => {
  it.each([
    constantRate({ warmup: 3 }),
    stepDecay({ decay: 0.5, after: 2 }),
    cosineDecay({ steps: 10, floor: 0.2, warmup: 4 }),
  ])('survive JSON: $kind', (schedule) => {
    expect(scheduleFromJSON(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule);
  });

  it.each([
    [() => constantRate({ warmup: -1 }), 'constant.warmup: expected a whole number of at least 0, got -1.'],
    [() => stepDecay({ decay: 1.1 }), 'step.decay: expected a number from 0 to 1, got 1.1.'],
    [() => stepDecay({ decay: NaN }), 'step.decay: expected a number from 0 to 1, got NaN.'],
    [() => stepDecay({ after: 1.5 }), 'step.after: expected a whole number of at least 1, got 1.5.'],
    [
      () => cosineDecay({ steps: 10, warmup: 10 }),
      'cosine.steps: expected a whole number of at least 11, got 10.',
    ],
    [() => cosineDecay({ steps: 10, floor: 2 }), 'cosine.floor: expected a number from 0 to 1, got 2.'],
    [
      () => scheduleFromJSON({ kind: 'cosine' }),
      'cosine.steps: expected a whole number of at least 2, got undefined.',
    ],
    [
      () => scheduleFromJSON({ kind: 'step', decoy: 1 }),
      'step.decoy: expected one of the options decay, after, warmup, got 1.',
    ],
    [
      () => scheduleFromJSON({ kind: 'linear' }),
      'schedule.kind: expected one of constant, step, cosine, got "linear".',
    ],
    [() => scheduleFromJSON([]), 'schedule: expected an object with a kind, got [].'],
  ])('refuse wrong options %#', (make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });
});
