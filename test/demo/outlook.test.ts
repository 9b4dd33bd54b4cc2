import { expect, test } from 'vitest';
import { History } from '../../demo/src/training/history.js';
import { outlook, type Course, type OutlookKind } from '../../demo/src/training/outlook.js';

/** A course with a point every 10 steps, as the page has it. */
function course(points: number, loss: (step: number) => number, more: Partial<Course> = {}): Course {
  const history = new History();
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
  for (let step = 10; step <= 10 * points; step += 10)
    history.add(
      { report: { ...report, step }, loss: loss(step), norm: 1, steps: 10, clipped: 0, stepsPerSecond: 1 },
      1,
    );
  const { step, bits, smooth } = history;
  return {
    step,
    bits,
    smooth,
    validations: [],
    baseline: 5.7,
    skipping: false,
    settings: { clipNorm: undefined, dropout: false },
    ...more,
  };
}

/** A loss that falls towards 2 bits, with some jitter that is always the same. */
const falling = (step: number): number => 2 + 3.7 * Math.exp(-step / 2000) + 0.1 * Math.sin(step);
/** A loss that goes on falling while it learns by heart: 0.6 bits after 2000 steps. */
const byHeart = (step: number): number => 0.2 + 3 * Math.exp(-step / 1000);
/** Measurements spread over 2000 steps. */
const spread = (...losses: number[]): Course['validations'] =>
  losses.map((bitsPerChar, i) => ({ step: (2000 * (i + 1)) / losses.length, bitsPerChar }));
const measured = (...losses: number[]): Course['validations'] =>
  losses.map((bitsPerChar, i) => ({ step: 100 * (i + 1), bitsPerChar }));

test.each<[string, OutlookKind, RegExp, Course]>([
  ['nothing yet', 'starting', /just begun/, course(0, falling)],
  ['a few steps', 'starting', /just begun/, course(3, falling)],
  ['a falling loss', 'falling', /still falling: from 4\.3\d to 3\.4\d bits a letter/, course(200, falling)],
  [
    'a loss that has come to rest',
    'flat',
    /hardly falls any more, at 2\.\d\d bits.*Lower “Learning rate”/,
    course(3000, falling),
  ],
  [
    'a loss that rests near guessing',
    'stuck',
    /hardly moved from 5\.5\d bits.*knowing nothing \(5\.70\).*three times the “Learning rate”/,
    course(100, (step) => 5.5 + 0.02 * Math.sin(step)),
  ],
  [
    'a loss that turns up',
    'rising',
    /rises again, from 3\.8\d to 5\.0\d bits.*third/,
    course(200, (step) => falling(Math.min(step, 1500)) + Math.max(0, step - 1500) / 300),
  ],
  [
    'a loss that turns up a little while unseen text is known worse and worse',
    'over-fitting',
    /^It has learned what it can of this style/,
    course(200, (step) => 0.5 + 3 * Math.exp(-step / 200) + step / 10_000, {
      validations: spread(1.3, 1.25, 1.4, 1.45, 1.5, 1.55, 1.6, 1.6),
    }),
  ],
  [
    'worse than guessing',
    'exploding',
    /worse than knowing nothing: 9\.\d\d bits a letter against 5\.70.*tenth of it, or hold changes in check/,
    course(100, (step) => 9 + step / 1000),
  ],
  [
    'a loss that is no number',
    'exploding',
    /no finite numbers/,
    course(50, (step) => (step > 400 ? NaN : 4)),
  ],
  ['skipped updates', 'exploding', /1 under “Clip norm”/, course(50, falling, { skipping: true })],
  [
    'a held-back text that goes the other way',
    'over-fitting',
    /learned what it can.*around step 200 \(2\.50 bits a letter, by now 2\.80\).*dropout/,
    course(200, falling, { validations: measured(3, 2.5, 2.6, 2.7, 2.8) }),
  ],
  [
    'a held-back text that follows',
    'falling',
    /still falling/,
    course(200, falling, { validations: measured(3, 2.8, 2.7, 2.6, 2.62) }),
  ],
  [
    'one bad measurement',
    'falling',
    /still falling/,
    course(200, falling, { validations: measured(3, 2.5, 2.5, 2.5, 2.9) }),
  ],
  [
    'a held-back text that stays where it is',
    'over-fitting',
    /by heart: in the last half of the run the surprise fell from 1\.\d\d to 0\.6\d bits a letter, but at text it has never seen it stays at 1\.39.*more text, some “Recurrent dropout” or fewer “Hidden units”/,
    course(200, byHeart, { validations: spread(2.6, 1.6, 1.4, 1.4, 1.41, 1.39, 1.4, 1.41) }),
  ],
  [
    'a held-back text that falls on, slowly',
    'falling',
    /still falling/,
    course(200, byHeart, { validations: spread(2.6, 1.6, 1.4, 1.4, 1.41, 1.39, 1.36, 1.35) }),
  ],
  [
    'too few measurements to tell',
    'falling',
    /still falling/,
    course(200, byHeart, { validations: spread(1.6, 1.4, 1.4, 1.4).slice(0, 3) }),
  ],
  [
    'a held-back text that is no harder than the other',
    'falling',
    /still falling/,
    course(200, falling, { validations: spread(3.5, 3.5, 3.5, 3.5, 3.5, 3.5) }),
  ],
])('%s', (_, kind, sentence, seen) => {
  const said = outlook(seen);
  expect(said.sentence).toMatch(sentence);
  expect(said.kind).toBe(kind);
});

test('the loss that is said is where the curve has come to', () => {
  for (const loss of [falling, byHeart]) {
    const seen = course(200, loss);
    expect(outlook(seen).sentence).toContain(` to ${seen.smooth.at(-1)?.toFixed(2)} bits`);
  }
  const flat = course(3000, falling);
  expect(outlook(flat).sentence).toContain(`at ${flat.smooth.at(-1)?.toFixed(2)} bits`);
});

test('nobody is told to do what is done already', () => {
  const worse = (step: number): number => 9 + step / 1000;
  const clipped = { clipNorm: 1, dropout: true };
  expect(outlook(course(100, worse, { settings: clipped })).sentence).not.toMatch(/Clip/);
  expect(outlook(course(50, falling, { skipping: true, settings: clipped })).sentence).not.toMatch(/Clip/);
  expect(outlook(course(100, worse, { settings: { ...clipped, clipNorm: 5 } })).sentence).toMatch(/Clip/);
  const learned = { validations: measured(3, 2.5, 2.6, 2.7, 2.8) };
  expect(outlook(course(200, falling, learned)).sentence).toMatch(
    /more text, some “Recurrent dropout” or fewer “Hidden units”/,
  );
  expect(outlook(course(200, falling, { ...learned, settings: clipped })).sentence).toMatch(
    /more text, fewer “Hidden units”/,
  );
});
