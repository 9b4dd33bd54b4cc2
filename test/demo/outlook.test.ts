import { expect, test } from 'vitest';
import { outlook, type Course, type OutlookKind } from '../../demo/src/outlook.js';

/** A course with a point every 10 steps. */
function course(points: number, loss: (step: number) => number, more: Partial<Course> = {}): Course {
  const step = Array.from({ length: points }, (_, i) => 10 * (i + 1));
  return { step, bits: step.map(loss), validations: [], baseline: 5.7, skipping: false, ...more };
}

/** A loss that falls towards 2 bits, with some jitter that is always the same. */
const falling = (step: number): number => 2 + 3.7 * Math.exp(-step / 2000) + 0.1 * Math.sin(step);
const measured = (...losses: number[]): Course['validations'] => losses.map((bitsPerChar, i) => ({ step: 100 * (i + 1), bitsPerChar }));

test.each<[string, OutlookKind, RegExp, Course]>([
  ['nothing yet', 'starting', /just begun/, course(0, falling)],
  ['a few steps', 'starting', /just begun/, course(3, falling)],
  ['a falling loss', 'falling', /Still falling: from 4\.3\d to 3\.4\d bits/, course(200, falling)],
  ['a loss that has come to rest', 'flat', /hardly falls any more, at 2\.\d\d bits.*Lower the rate/, course(3000, falling)],
  ['a loss that rests near guessing', 'stuck', /hardly moved from 5\.5\d bits.*guessing \(5\.70\).*three times the rate/, course(100, (step) => 5.5 + 0.02 * Math.sin(step))],
  ['a loss that turns up', 'rising', /rises again, from 3\.8\d to 5\.0\d bits.*third/, course(200, (step) => falling(Math.min(step, 1500)) + Math.max(0, step - 1500) / 300)],
  ['worse than guessing', 'exploding', /worse than guessing: 9\.\d\d bits against 5\.70.*tenth/, course(100, (step) => 9 + step / 1000)],
  ['a loss that is no number', 'exploding', /no finite numbers/, course(50, (step) => (step > 400 ? NaN : 4))],
  ['skipped updates', 'exploding', /clip the norm at 1/, course(50, falling, { skipping: true })],
  [
    'a held-back text that goes the other way',
    'over-fitting',
    /around step 200 \(2\.50 bits\).*\(2\.80\).*dropout/,
    course(200, falling, { validations: measured(3, 2.5, 2.6, 2.7, 2.8) }),
  ],
  ['a held-back text that follows', 'falling', /Still falling/, course(200, falling, { validations: measured(3, 2.8, 2.7, 2.6, 2.62) })],
  ['one bad measurement', 'falling', /Still falling/, course(200, falling, { validations: measured(3, 2.5, 2.5, 2.5, 2.9) })],
])('%s', (_, kind, sentence, seen) => {
  const said = outlook(seen);
  expect(said.sentence).toMatch(sentence);
  expect(said.kind).toBe(kind);
});
