import { expect, test } from 'vitest';
import { History } from '../../../demo/src/training/history.js';
import type { Progress } from '../../../demo/src/training/protocol.js';

const progress = (step: number): Progress =>
  ({
    report: { step },
    loss: 3 + Math.sin(step),
    norm: step % 7,
    steps: 10,
    clipped: step % 3,
    stepsPerSecond: 1,
  }) as Progress;

test('a curve that was kept goes on as the one before, also when points are merged', () => {
  const whole = new History();
  for (let i = 1; i <= 2990; i++) whole.add(progress(10 * i), 1.5);
  whole.validated({ step: 29_900, bitsPerChar: 2 });
  const kept = structuredClone(whole.columns);
  const resumed = new History();
  for (let i = 1; i <= 5; i++) resumed.add(progress(i), 1); // of another run
  resumed.restore(kept);
  expect(resumed.columns).toEqual(whole.columns);
  for (const history of [whole, resumed])
    for (let i = 2991; i <= 3100; i++) history.add(progress(10 * i), 1.5);
  expect(resumed.length).toBeLessThan(2000);
  expect(resumed.columns).toEqual(whole.columns);
});
