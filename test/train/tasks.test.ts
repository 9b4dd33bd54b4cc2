import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  copyMemory,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  taskModel,
  Trainer,
  type Device,
  type StepReport,
  type Task,
  type TrainerOptions,
} from '../../src/index.js';
import { webgpuDevice } from '../support/devices.js';

const task = copyMemory({ symbols: 2, delay: 2 });

async function make(device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const model = charModel({ vocabulary: task.vocabulary, hidden: 24 });
  return Trainer.create(model, {
    device,
    batch: 16,
    time: task.time,
    scored: 16 * task.scoredPerRow,
    optimizer: adam({ rate: 0.01 }),
    clip: { norm: 1 },
    seed: 3,
    ...options,
  });
}

async function run(trainer: Trainer, source: Task | Corpus, steps: number): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainer.run(source, { steps })) reports.push(report);
  return reports;
}

describe.each<[string, () => Promise<Device>]>([
  ['cpu', () => openDevice({ backend: 'cpu' })],
  ['webgpu', webgpuDevice],
])('a task on %s', (_, open) => {
  it(
    'is learnt: the loss per recalled symbol starts near that of guessing and falls, and held-out ' +
      'symbols are recalled',
    async () => {
      const trainer = await make(await open());
      const before = await trainer.evaluate(task, { batch: 64, windows: 2 });
      const reports = await run(trainer, task, 300);
      const after = await trainer.evaluate(task, { batch: 64, windows: 2 });
      expect(reports[0].loss).toBeGreaterThan(0.9 * task.baseline);
      expect(reports[0].loss).toBeLessThan(1.3 * Math.log(10));
      expect(reports[299].loss).toBeLessThan(0.5 * task.baseline);
      expect(before.characters).toBe(2 * 64 * 2);
      expect(before.accuracy).toBeLessThan(0.4);
      expect(after.accuracy).toBeGreaterThan(0.8);
      expect(after.loss).toBeLessThan(0.5 * task.baseline);
      expect(await trainer.evaluate(task, { batch: 64, windows: 2 })).toEqual(after);
      trainer.dispose();
    },
  );

  it('goes on from a checkpoint bit for bit', async () => {
    const device = await open();
    const whole = await make(device);
    const expected = await run(whole, task, 24);
    const half = await make(device);
    await run(half, task, 12);
    const resumed = await loadCheckpoint(await saveCheckpoint(half), { device });
    expect(await run(resumed, copyMemory({ symbols: 2, delay: 2 }), 12)).toEqual(expected.slice(12));
    for (const trainer of [whole, half, resumed]) trainer.dispose();
  });
});

it('a mean is over the targets that count: the gradient is that of the sum divided by their number', async () => {
  const device = await openDevice({ backend: 'reference', precision: 'double' });
  const [mean, sum] = [await make(device, { clip: {} }), await make(device, { clip: {}, loss: 'sum' })];
  const [[a], [b]] = [await run(mean, task, 1), await run(sum, task, 1)];
  expect(b.loss).toBeCloseTo(a.loss * 32, 5);
  expect(b.gradientNorm).toBeCloseTo(a.gradientNorm * 32, 5);
  expect(a.perplexity).toBeCloseTo(Math.exp(a.loss), 9);
  expect(mean.baseline).toBeCloseTo(Math.log(10), 12);
  expect(sum.baseline).toBeCloseTo(32 * Math.log(10), 12);
});

it('the held-out loss is that of the windows, by the logits', async () => {
  const device = await openDevice({ backend: 'reference', precision: 'double' });
  const trainer = await make(device, { optimizer: adam({ rate: 1e-30 }) });
  const zeros = Object.fromEntries(
    Object.entries(await trainer.parameters()).map(([name, { shape, data }]) => [
      name,
      { shape, data: new Float32Array(data.length) },
    ]),
  );
  await trainer.loadParameters(zeros);
  const { loss, accuracy, perplexity } = await trainer.evaluate(task, { batch: 500, windows: 1 });
  expect(loss).toBeCloseTo(Math.log(10), 6); // all symbols equally likely
  expect(perplexity).toBeCloseTo(10, 5);
  expect(Math.abs((accuracy ?? 0) - 1 / 8)).toBeLessThan(0.05); // the first symbol is as good a guess as any
});

describe('a trainer that does not fit the task says so', () => {
  it.each<[string, Partial<TrainerOptions>, RegExp]>([
    [
      'another length',
      { time: 25, scored: 32 },
      /time: expected 6, the length of a window of copy-memory \(2 symbols, delay 2\), got 25/,
    ],
    [
      'means over all positions',
      { scored: 96 },
      /scored: expected 32: copy-memory \(2 symbols, delay 2\) scores 2 targets in each of 16 rows, got 96/,
    ],
  ])('%s', async (_, options, message) => {
    const trainer = await make(await openDevice({ backend: 'cpu' }), options);
    await expect(run(trainer, task, 1)).rejects.toThrow(message);
  });

  it('another vocabulary', async () => {
    const corpus = Corpus.fromText('abcdefghij'.repeat(20));
    const model = charModel({ vocabulary: corpus.vocabulary, hidden: 4 });
    const trainer = await Trainer.create(model, {
      device: await openDevice({ backend: 'cpu' }),
      batch: 2,
      time: task.time,
      scored: 4,
      optimizer: adam(),
    });
    await expect(run(trainer, task, 1)).rejects.toThrow(/not those of copy-memory/);
  });
});

it.each([0, 1.5, 'all'])('scored %o is refused', async (scored) => {
  await expect(make(await openDevice({ backend: 'cpu' }), { scored: scored as number })).rejects.toThrow(
    'scored: expected a whole number of at least 1',
  );
});

describe('a bidirectional model', () => {
  const make = async (device: Device): Promise<Trainer> => {
    const model = taskModel({
      vocabulary: task.vocabulary,
      hidden: 10,
      layers: 2,
      cell: 'gru',
      bidirectional: true,
    });
    return Trainer.create(model, {
      device,
      batch: 8,
      time: task.time,
      scored: 8 * task.scoredPerRow,
      optimizer: adam({ rate: 0.01 }),
      seed: 1,
    });
  };

  it('does a task, alike on cpu and webgpu', async () => {
    const losses = [];
    for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
      const trainer = await make(device);
      losses.push((await run(trainer, task, 20)).map(({ loss }) => loss));
      expect((await trainer.evaluate(task, { batch: 20, windows: 1 })).characters).toBe(40);
      trainer.dispose();
    }
    for (const [i, loss] of losses[0].entries())
      expect(Math.abs(losses[1][i] - loss) / loss).toBeLessThan(1e-3);
  });

  it('is neither trained nor evaluated on a text, nor continues one', async () => {
    const trainer = await make(await openDevice({ backend: 'cpu' }));
    const text = Corpus.fromText('abcdefgh.>'.repeat(30));
    const message =
      /bidirectional: expected false for a model of the next symbol: its backward direction would have read that symbol already/;
    await expect(run(trainer, text, 1)).rejects.toThrow(message);
    await expect(trainer.evaluate(text)).rejects.toThrow(message);
    await expect(trainer.sample()).rejects.toThrow(message);
    trainer.dispose();
  });
});
