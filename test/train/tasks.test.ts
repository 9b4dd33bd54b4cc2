import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  Trainer,
  type Device,
  type StepReport,
  type Task,
  type TrainerOptions,
} from '../../src/index.js';
import { type CharModel, copyMemory, perplexityOf, taskModel, WINDOW_FIELDS } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

const task = copyMemory({ symbols: 2, delay: 2 });

async function make(device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer<CharModel>> {
  const model = charModel({ vocabulary: task.vocabulary, hidden: 24 });
  return Trainer.create(model, {
    device,
    batch: 16,
    time: task.time,
    optimizer: adam({ rate: 0.01 }),
    clip: { norm: 1 },
    seed: 3,
    ...options,
  });
}

async function run(trainer: Trainer<CharModel>, source: Task | Corpus, steps: number): Promise<StepReport[]> {
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
      const before = await trainer.evaluate(task, { batch: 64, batches: 2 });
      const reports = await run(trainer, task, 300);
      const after = await trainer.evaluate(task, { batch: 64, batches: 2 });
      expect(reports[0].loss).toBeGreaterThan(0.9 * task.baseline);
      expect(reports[0].loss).toBeLessThan(1.3 * Math.log(10));
      expect(reports[299].loss).toBeLessThan(0.5 * task.baseline);
      expect(before.count).toBe(2 * 64 * 2);
      expect(before.measures.accuracy).toBeLessThan(0.4);
      expect(after.measures.accuracy).toBeGreaterThan(0.8);
      expect(after.loss).toBeLessThan(0.5 * task.baseline);
      expect(await trainer.evaluate(task, { batch: 64, batches: 2 })).toEqual(after);
      trainer.dispose();
    },
  );

  it('continues from a checkpoint bit for bit', async () => {
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

it('the gradient of a mean loss is that of the sum divided by the number of targets', async () => {
  const device = await openDevice({ backend: 'reference', precision: 'double' });
  const [mean, sum] = [await make(device, { clip: {} }), await make(device, { clip: {}, loss: 'sum' })];
  const [[a], [b]] = [await run(mean, task, 1), await run(sum, task, 1)];
  expect(b.loss).toBeCloseTo(a.loss * 32, 5);
  expect(b.gradientNorm).toBeCloseTo(a.gradientNorm * 32, 5);
  expect([a.count, b.count]).toEqual([32, 32]);
  expect([a.meanLoss, b.meanLoss]).toEqual([a.loss, b.loss / 32]);
  expect(mean.baseline).toBeCloseTo(Math.log(8), 12);
  expect(sum.baseline).toBeCloseTo(32 * Math.log(8), 12);
  // The smooth loss starts at the loss of guessing among the eight symbols that are recalled.
  expect(a.smoothLoss).toBeCloseTo(0.999 * task.baseline + 0.001 * a.loss, 12);
  expect(b.smoothLoss).toBeCloseTo(0.999 * 32 * task.baseline + 0.001 * b.loss, 12);
});

describe('the baseline of a task', () => {
  it.each([
    ['mean', 1],
    ['sum', 32],
  ] as const)('is where the smooth loss starts, with the loss %s', async (loss, targets) => {
    const trainer = await make(await openDevice({ backend: 'cpu' }), { loss });
    const [report] = await run(trainer, task, 1);
    expect(trainer.baseline).toBeCloseTo(targets * task.baseline, 12);
    expect(report.smoothLoss).toBeCloseTo(0.999 * targets * task.baseline + 0.001 * report.loss, 9);
  });

  it('is known after a checkpoint, and the smooth loss continues', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const trainer = await make(device);
    await run(trainer, task, 2);
    const { smoothLoss } = trainer;
    const resumed = await loadCheckpoint(await saveCheckpoint(trainer), { device });
    const [report] = await run(resumed, task, 1);
    expect(resumed.baseline).toBeCloseTo(task.baseline, 12);
    expect(report.smoothLoss).toBeCloseTo(0.999 * smoothLoss + 0.001 * report.loss, 9);
  });
});

describe('a task with ragged targets', () => {
  const { vocabulary } = Corpus.fromText('ab');
  /** The target is the input; row n of 4 has 1 + n of 4 targets that count, or none. */
  const ragged = (most: number): Task => ({
    name: 'ragged echo',
    about: 'say the symbol',
    fields: WINDOW_FIELDS,
    fingerprint: 'ragged echo',
    targets: 'own',
    vocabulary,
    time: 4,
    baseline: Math.log(2),
    loader: ({ batch: N = 4, seed = 0 } = {}) => ({
      batchesPerEpoch: 10,
      next: () => {
        const targets = Uint32Array.from({ length: 4 * N }, (_, i) =>
          Math.floor(i / N) < Math.min(most, 1 + (i % N)) ? i % 2 : vocabulary.unknown,
        );
        return {
          arrays: {
            inputs: Uint32Array.from({ length: 4 * N }, (_, i) => i % 2),
            targets,
            keep: new Float32Array(N),
          },
          sizes: { T: 4, N },
          count: targets.filter((id) => id < vocabulary.size).length,
          epoch: 0,
          index: 0,
        };
      },
      state: () => ({ order: 'ragged', seed, epoch: 0, index: 0, batchesPerEpoch: 10 }),
      restore: () => undefined,
    }),
    examination(options) {
      return { loader: { ...this.loader(options), batchesPerEpoch: options.batches ?? 3 }, measures: true };
    },
  });

  const trainerOf = async (loss: 'mean' | 'sum'): Promise<Trainer<CharModel>> =>
    Trainer.create(charModel({ vocabulary, hidden: 8 }), {
      device: await openDevice({ backend: 'cpu' }),
      batch: 4,
      time: 4,
      loss,
      optimizer: adam({ rate: 0.05 }),
    });

  it('has an accuracy and a loss over its targets', async () => {
    const trainer = await trainerOf('mean');
    await run(trainer, ragged(4), 60);
    const { measures, loss, count } = await trainer.evaluate(ragged(4), { batch: 4, batches: 3 });
    expect(count).toBe(3 * (1 + 2 + 3 + 4));
    expect(measures.accuracy).toBe(1);
    expect(loss).toBeLessThan(0.5);
  });

  it('reports means over the targets of each window', async () => {
    const [[mean], [sum]] = [
      await run(await trainerOf('mean'), ragged(4), 1),
      await run(await trainerOf('sum'), ragged(4), 1),
    ];
    expect(mean.loss).toBeCloseTo(sum.loss / 10, 6);
    expect(sum.meanLoss).toBeCloseTo(mean.loss, 6);
  });

  it('cannot be evaluated without targets', async () => {
    const trainer = await trainerOf('mean');
    await expect(trainer.evaluate(ragged(0), { batch: 4, batches: 3 })).rejects.toThrow(
      'There is nothing to evaluate: no target counts.',
    );
  });
});

it('the held-out loss follows from the logits of the windows', async () => {
  const device = await openDevice({ backend: 'reference', precision: 'double' });
  const trainer = await make(device, { optimizer: adam({ rate: 1e-30 }) });
  const zeros = Object.fromEntries(
    Object.entries(await trainer.parameters()).map(([name, { shape, data }]) => [
      name,
      { shape, data: new Float32Array(data.length) },
    ]),
  );
  await trainer.loadParameters(zeros);
  const { loss, count, measures } = await trainer.evaluate(task, { batch: 500, batches: 1 });
  expect(loss).toBeCloseTo(Math.log(10), 6); // all symbols equally likely
  expect(perplexityOf(loss)).toBeCloseTo(10, 5);
  expect(count).toBe(1000);
  expect(Math.abs(measures.accuracy - 1 / 8)).toBeLessThan(0.05); // the first symbol is as good a guess as any
});

describe('a trainer that does not fit the task reports', () => {
  it.each<[string, Partial<TrainerOptions>, RegExp]>([
    [
      'another length',
      { time: 25 },
      /time: expected 6, the length of a window of copy-memory \(2 symbols, delay 2\), got 25/,
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
      optimizer: adam(),
    });
    await expect(run(trainer, task, 1)).rejects.toThrow(/not those of copy-memory/);
  });
});

describe('a bidirectional model', () => {
  const make = async (device: Device): Promise<Trainer<CharModel>> => {
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
      optimizer: adam({ rate: 0.01 }),
      seed: 1,
    });
  };

  it('learns a task, with equal losses on cpu and webgpu', async () => {
    const losses = [];
    for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
      const trainer = await make(device);
      losses.push((await run(trainer, task, 20)).map(({ loss }) => loss));
      expect((await trainer.evaluate(task, { batch: 20, batches: 1 })).count).toBe(40);
      trainer.dispose();
    }
    for (const [i, loss] of losses[0].entries())
      expect(Math.abs(losses[1][i] - loss) / loss).toBeLessThan(1e-3);
  });

  it('refuses to train on, evaluate or continue a text', async () => {
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
