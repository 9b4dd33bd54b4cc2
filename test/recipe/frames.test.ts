import { afterAll, beforeAll, expect, it } from 'vitest';
import { adam, openDevice, records, Trainer, type Device } from '../../src/index.js';
import { openSetup, TASKS } from '../../src/graph.js';

let device: Device;
beforeAll(async () => void (device = await openDevice({ backend: 'cpu', threads: 1 })));
afterAll(() => device.dispose());

/** Frames of letters, in a unit of which the numbers are far from 0. */
const FRAMES: Readonly<Record<string, readonly [number, number]>> = {
  a: [700, 800],
  b: [800, 700],
  c: [800, 800],
};
const TEXTS = ['abc', 'cab', 'bca', 'bb', 'ac', 'c'];

it('frames are scaled for predictions as for training', async () => {
  const rows = records.of(
    TEXTS.map((target) => ({ source: [...target].flatMap((letter) => [...FRAMES[letter]]), target })),
  );
  const { setup, model } = TASKS.translate.learn(
    { train: rows, validation: undefined },
    { attention: 'dot', stepSize: 2 },
    { cell: 'gru', hidden: 8, embedding: 4 },
  );
  const open = openSetup(setup, model);
  const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.02 }), batch: 6, seed: 2 });
  let left = Infinity;
  for await (const { loss } of trainer.run(open.source(rows, 6), { steps: 200 })) left = loss;
  expect(left).toBeLessThan(0.1);
  const runner = open.runner(device, trainer.memory);
  const predictions = await runner.predict([...rows], {});
  expect(predictions.map((prediction) => prediction?.text)).toEqual(TEXTS);
  const { measures } = await runner.evaluate(rows);
  expect(measures).toMatchObject({ exactMatch: 1, editDistance: 0 });
  runner.dispose();
  trainer.dispose();
});
