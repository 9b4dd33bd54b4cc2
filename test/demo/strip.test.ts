import { expect, test } from 'vitest';
import { unseenIn } from '../../demo/src/page/unseen-characters.js';
import { sizeAdvice } from '../../demo/src/training/size-advice.js';
import { expendable } from '../../demo/src/training/expendable.js';
import { nextSampleStep } from '../../demo/src/training/worker/sample-steps.js';

/** What is left of a run with a sample every 100 steps. */
function kept(upTo: number, most: number): number[] {
  const steps: number[] = [];
  for (let step = 100; step <= upTo; step += 100) {
    steps.push(step);
    if (steps.length > most) steps.splice(expendable(steps), 1);
  }
  return steps;
}

test('the strip keeps the first sample, the newest and round steps between them', () => {
  expect(kept(800, 10)).toEqual([100, 200, 300, 400, 500, 600, 700, 800]);
  const late = kept(20_000, 10);
  expect(late).toHaveLength(10);
  expect(late[0]).toBe(100);
  expect(late.at(-1)).toBe(20_000);
  for (const step of [200, 500, 1000, 2000]) expect(late).toContain(step);
});

test('the strip lies evenly on a logarithmic scale: no gap is wider than a factor of five', () => {
  for (const upTo of [1500, 9000, 50_000]) {
    const steps = kept(upTo, 10);
    for (let i = 1; i < steps.length; i++)
      expect(steps[i] / steps[i - 1], steps.join()).toBeLessThanOrEqual(5);
  }
});

test.each([
  [1000, 45_000, '45 characters for each parameter: there is text for a larger network'],
  [20_000, 45_000, '2.3 characters for each parameter: network and text fit each other'],
  [
    90_000,
    45_000,
    '2 parameters for each character: after some epochs it will know parts of the text by heart',
  ],
  [
    9_000_000,
    45_000,
    '200 parameters for each character: it can learn all of the 45,000 characters by heart',
  ],
])('%d parameters and %d characters', (parameters, characters, sentence) => {
  expect(sizeAdvice(parameters, characters)).toContain(sentence);
});

test('characters that a network has not seen, each once, whole ones', () => {
  expect(unseenIn('fox 🦊 and 🦊 漢', new Set('fox and'))).toEqual(['🦊', '漢']);
  expect(unseenIn('', new Set('a'))).toEqual([]);
});

test('samples come close together at first, or as often as somebody has chosen', () => {
  const steps = (every: number | undefined, upTo: number): number[] => {
    const found: number[] = [];
    for (let step = nextSampleStep(0, every); step <= upTo; step = nextSampleStep(step, every))
      found.push(step);
    return found;
  };
  expect(steps(undefined, 2000)).toEqual([
    10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1500, 2000,
  ]);
  expect(steps(30, 100)).toEqual([30, 60, 90]);
  expect(steps(0, 1e9)).toEqual([]);
  // From any step on, such as that of a checkpoint, the next is the same.
  for (const every of [undefined, 30])
    for (const due of steps(every, 2000))
      for (const before of [due - 1, due - 7]) expect(nextSampleStep(before, every)).toBeLessThanOrEqual(due);
});
