import { expect, test } from 'vitest';
import { continued, recovered, Recoveries } from '../../../demo/src/keep/recovery.js';
import { untilNextSave } from '../../../demo/src/keep/save-interval.js';

test('a run is saved after a second, then every two; states that take long or are large, more seldom', () => {
  expect(untilNextSave(3, 100_000)).toBe(2000);
  expect(untilNextSave(3, 100_000, true)).toBe(1000);
  expect(untilNextSave(1000, 100_000, true)).toBe(20_000);
  expect(untilNextSave(100, 80_000_000)).toBe(40_000);
});

test('a device that is lost again at once is not opened by itself a second time', () => {
  const recoveries = new Recoveries();
  expect([0, 59_999, 60_000, 60_001, 200_000].map((now) => recoveries.allow(now))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});

test('what is said after a loss has the steps that are trained again', () => {
  expect(recovered(1240, 1234)).toBe(
    'The GPU was lost at step 1,240 and has been opened again. The training goes on from step 1,234, ' +
      'the last state that was kept, so that 6 steps are trained again.',
  );
  expect(recovered(7, 6)).toMatch(/, so that 1 step is trained again\.$/);
  expect(recovered(7, 7)).toMatch(/the last state that was kept: no step is lost\.$/);
});

test('what is said after a reload has the steps that are trained again', () => {
  expect(continued(146, 154, '12:04')).toBe(
    'Continued from step 146, as it was kept at 12:04, so that 8 steps are trained again.',
  );
  expect(continued(146, 146, '12:04')).toMatch(/ at 12:04: no step is lost\.$/);
});
