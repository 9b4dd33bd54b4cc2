import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Listener, Progress, Sample, Settings, Validation } from '../../demo/src/training/protocol.js';
import { TrainingLoop } from '../../demo/src/training/worker/loop.js';
import { checkSampling } from '../../demo/src/training/worker/sampling.js';
import { recipeEntries } from '../../demo/src/training/worker/recipes.js';
import { Run } from '../../demo/src/training/worker/run.js';
import { Snapshots } from '../../demo/src/training/worker/snapshots.js';
import { openDevice, type Device } from '../../src/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu' });
});
afterAll(() => device.dispose());
afterEach(() => vi.restoreAllMocks());

const SAMPLING = { prime: '', draw: 'all', temperature: 1, topK: 5, length: 20, sampleEvery: 0 };

/** What a training tells the page. */
interface Heard {
  readonly progress: Progress[];
  readonly sample: Sample[];
  readonly writing: Sample[];
  readonly validated: Validation[];
  readonly ended: unknown[];
  readonly snapshots: unknown[];
  readonly learned: Validation[];
}

/** Notes what a training tells. */
function listenerOf(heard: Heard): Listener {
  return new Proxy({} as Listener, {
    get: (_, name) => (_run: number, news: never) =>
      void (heard as unknown as Record<string, unknown[] | undefined>)[String(name)]?.push(news),
  });
}

/** A training of a small network, and what it tells. */
async function loopOf(
  entries: Partial<Settings>,
  sampling = SAMPLING,
): Promise<{ loop: TrainingLoop; heard: Heard }> {
  const small = { ...recipeEntries('first-words').settings, hidden: 8, batch: 4, time: 8 };
  const text = { kind: 'bundled', name: 'english' } as const;
  const run = await Run.create(
    { text, preset: 'first-words', ...small, seed: 0, steps: '', backend: 'cpu', ...entries },
    device,
  );
  const heard: Heard = {
    progress: [],
    sample: [],
    writing: [],
    validated: [],
    ended: [],
    snapshots: [],
    learned: [],
  };
  return { loop: new TrainingLoop(1, run, listenerOf(heard), checkSampling(sampling)), heard };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a long sample is told while it is being written, each piece the beginning of the whole', async () => {
  const { loop, heard } = await loopOf({}, { ...SAMPLING, length: 1000, prime: 'The ' });
  // It is told a few times a second, and a fast machine may write it in less: by this clock every
  // piece takes long enough.
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  await loop.sampleNow();
  const [whole] = heard.sample;
  expect(whole.text).toHaveLength(1000);
  expect(heard.writing.length).toBeGreaterThan(0);
  for (const { text, prime, step } of heard.writing) {
    expect({ prime, step }).toEqual({ prime: 'The ', step: 0 });
    expect(text.length).toBeGreaterThan(0);
    expect(whole.text.startsWith(text)).toBe(true);
  }
  loop.run.dispose();
});

test('where a sample comes by itself the state is kept to go back to, and gives the same again', async () => {
  const { loop, heard } = await loopOf({ steps: 12 }, { ...SAMPLING, sampleEvery: 4 });
  loop.play();
  await until(() => heard.ended.length > 0);
  expect(loop.snapshots.steps).toEqual([4, 8, 12]);
  expect(heard.snapshots).toEqual([[4], [4, 8], [4, 8, 12]]);
  const again = await Run.resume(loop.snapshots.at(4) ?? new Uint8Array(), loop.run.settings, device);
  expect(again.trainer.step).toBe(4);
  const from = new TrainingLoop(2, again, listenerOf(heard), loop.sampling, loop.snapshots.upTo(4));
  expect(from.snapshots.steps).toEqual([4]);
  from.play();
  await until(() => heard.ended.length > 1);
  expect(again.trainer.smoothLoss).toBe(loop.run.trainer.smoothLoss);
  expect(heard.sample.slice(3).map(({ text }) => text)).toEqual(
    heard.sample.slice(1, 3).map(({ text }) => text),
  );
  for (const run of [again, loop.run]) run.dispose();
});

test('a command that comes while a state is saved waits for no steps, and repeats no sample', async () => {
  const { loop, heard } = await loopOf({}, { ...SAMPLING, sampleEvery: 1000 });
  const save = loop.run.save.bind(loop.run);
  let pausing: Promise<void> | undefined;
  vi.spyOn(loop.run, 'save').mockImplementationOnce(() => {
    pausing = loop.pause();
    return save();
  });
  loop.play(); // saves first, since nothing was saved yet
  await until(() => pausing !== undefined);
  await pausing;
  expect([loop.run.trainer.step, heard.sample.length]).toEqual([0, 0]);

  loop.sampling = checkSampling({ ...SAMPLING, sampleEvery: 1 });
  await loop.step();
  await loop.pause(); // waits for the state that the step leaves
  vi.spyOn(loop.run.trainer, 'run').mockImplementationOnce(async function* () {
    // The command has come before the first step.
  });
  loop.play();
  await until(() => heard.sample.length > 1);
  await loop.pause();
  // The last step may have ended with the pause, before its sample.
  expect(heard.sample.map(({ step }) => step)).toEqual(heard.sample.map((_, i) => i + 1));
  loop.run.dispose();
});

test('few states are kept, evenly on a logarithmic scale, and none that is large', () => {
  const snapshots = new Snapshots();
  for (let step = 100; step <= 5000; step += 100) snapshots.add(step, new Uint8Array(8));
  expect(snapshots.steps).toHaveLength(12);
  expect([snapshots.steps[0], snapshots.steps.at(-1)]).toEqual([100, 5000]);
  snapshots.add(3000, new Uint8Array(8)); // it was wound back
  expect(snapshots.steps.at(-1)).toBe(3000);
  expect(snapshots.at(99)).toBeUndefined();
  const large = new Snapshots();
  for (let step = 1; step <= 9; step++) large.add(step, { byteLength: 2 ** 24 } as Uint8Array);
  expect(large.steps).toHaveLength(6);
  expect([2 ** 24, 2 ** 24 + 1].map((bytes) => Snapshots.fits(bytes))).toEqual([true, false]);
});

test('the part that is held back is evaluated on the way, and the losses are those of a training without it', async () => {
  const { loop, heard } = await loopOf({});
  // It comes by the clock: on a loaded machine before anything is learned, if nothing were learned
  // before it may come.
  for (let step = 0; step < 100; step++) await loop.step();
  loop.play();
  await until(() => heard.validated.length > 0);
  await loop.pause();
  const [{ step, bitsPerChar }] = heard.validated;
  expect(step).toBeGreaterThanOrEqual(100);
  expect(bitsPerChar).toBeLessThan(Math.log2(52));
  expect(bitsPerChar).toBeGreaterThan(1);

  // The same part is trained on, without evaluations in between.
  const plain = await Run.create({ ...loop.run.settings, steps: '' }, device);
  const unheld = await Run.create({ ...loop.run.settings, validation: '' }, device);
  expect(unheld.held).toBeUndefined();
  let smooth = 0;
  for await (const { smoothLoss } of plain.trainer.run(plain.corpus, { steps: loop.run.trainer.step }))
    smooth = smoothLoss;
  expect(loop.run.trainer.smoothLoss).toBe(smooth);
  for (const run of [plain, unheld, loop.run]) run.dispose();
});

test('clipped steps are counted where a norm limits them, and the largest norm is told', async () => {
  const clipped = await loopOf({ steps: 20, clipNorm: 1e-6 });
  clipped.loop.play();
  await until(() => clipped.heard.ended.length > 0);
  const sum = (values: readonly Progress[], of: (one: Progress) => number): number =>
    values.reduce((total, one) => total + of(one), 0);
  expect(sum(clipped.heard.progress, ({ steps }) => steps)).toBe(20);
  expect(sum(clipped.heard.progress, ({ clipped: count }) => count)).toBe(20);
  for (const { norm, report } of clipped.heard.progress)
    expect(norm).toBeGreaterThanOrEqual(report.gradientNorm);
  const free = await loopOf({ steps: 20, clipNorm: '' });
  free.loop.play();
  await until(() => free.heard.ended.length > 0);
  expect(sum(free.heard.progress, ({ clipped: count }) => count)).toBe(0);
  for (const { loop } of [clipped, free]) loop.run.dispose();
});

test('a training that has learned what it can ends, and keeps the state that knew unseen text best', async () => {
  const { loop, heard } = await loopOf({ untilLearned: '1' });
  const losses = [3, 2, 1, 1.5, 1.5, 1.5, 0.5];
  vi.spyOn(loop.run.trainer, 'evaluate').mockImplementation(() =>
    Promise.resolve({
      loss: losses.shift() ?? 9,
      count: 1,
      measures: {},
      tables: {},
    }),
  );
  // By this clock it is always time to measure.
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  loop.play();
  await until(() => heard.learned.length > 0);
  expect(heard.validated).toHaveLength(6);
  expect(heard.learned).toEqual([heard.validated[2]]);
  expect(heard.ended).toEqual([]);
  const [{ step }] = heard.learned;
  expect(loop.run.trainer.step).toBeGreaterThan(step);
  expect(loop.snapshots.at(step)).toBeInstanceOf(Uint8Array);
  // By heart it goes on, whatever unseen text says.
  loop.untilLearned = false;
  loop.play();
  await until(() => heard.validated.length >= 8);
  expect(heard.learned).toHaveLength(1);
  await loop.pause();
  loop.run.dispose();
});
