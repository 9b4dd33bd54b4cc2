import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  adagrad,
  adam,
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  sgd,
  Trainer,
  type Device,
  type StepReport,
  type TrainerOptions,
} from '../../src/index.js';
import { type CharModel, perplexityOf } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

const text = 'the quick brown fox jumps over the lazy dog. '.repeat(40);

function devices(): [string, () => Promise<Device>][] {
  return [
    ['cpu', () => openDevice({ backend: 'cpu' })],
    ['webgpu', webgpuDevice],
  ];
}

async function make(
  device: Device,
  options: Partial<TrainerOptions> & { layers?: number; corpus?: Corpus } = {},
): Promise<{ trainer: Trainer<CharModel>; corpus: Corpus }> {
  const { layers = 1, corpus = Corpus.fromText(text), ...rest } = options;
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 16, layers });
  const trainer = await Trainer.create(model, {
    device,
    batch: 2,
    time: 8,
    optimizer: adam({ rate: 0.01 }),
    clip: { norm: 5 },
    seed: 7,
    ...rest,
  });
  return { trainer, corpus };
}

async function run(trainer: Trainer<CharModel>, corpus: Corpus, steps: number): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainer.run(corpus, { steps })) reports.push(report);
  return reports;
}

describe.each(devices())('training on %s', (_, open) => {
  it('memorizes a text, and starts at the loss of uniform guessing', async () => {
    const { trainer, corpus } = await make(await open());
    const reports = await run(trainer, corpus, 150);
    expect(reports[0].loss).toBeCloseTo(trainer.baseline, 0);
    expect(reports.at(-1)?.loss).toBeLessThan(0.6 * trainer.baseline);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
    trainer.dispose();
  });

  it('gives equal losses for equal seeds, and others for another seed', async () => {
    const device = await open();
    const losses = async (seed: number): Promise<number[]> => {
      const { trainer, corpus } = await make(device, { seed });
      const reports = await run(trainer, corpus, 20);
      trainer.dispose();
      return reports.map(({ loss }) => loss);
    };
    const [first, second, other] = [await losses(1), await losses(1), await losses(2)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it.each([
    ['adam', adam({ rate: 0.01 }), 'consecutive'],
    ['sgd with momentum', sgd({ rate: 0.1, momentum: 0.9 }), 'random'],
    ['adagrad', adagrad({ rate: 0.05 }), 'consecutive'],
  ] as const)(
    '20 steps, checkpoint, 20 steps equal 40 steps bit for bit: %s',
    async (_name, optimizer, sampling) => {
      const device = await open();
      const whole = await make(device, { optimizer, sampling, layers: 2 });
      const expected = await run(whole.trainer, whole.corpus, 40);
      const half = await make(device, { optimizer, sampling, layers: 2 });
      await run(half.trainer, half.corpus, 20);
      const bytes = await saveCheckpoint(half.trainer);
      half.trainer.dispose();
      const resumed = await loadCheckpoint(bytes, { device });
      const rest = await run(resumed, Corpus.fromText(text), 20);
      expect(rest).toEqual(expected.slice(20));
      expect(await resumed.parameters()).toEqual(await whole.trainer.parameters());
      whole.trainer.dispose();
      resumed.dispose();
    },
  );

  it('waits for steps under way when the loop is left, and a second run continues', async () => {
    const { trainer, corpus } = await make(await open());
    for await (const report of trainer.run(corpus)) if (report.step === 3) break;
    const at = trainer.step;
    expect(at).toBeGreaterThanOrEqual(3);
    const [next] = await run(trainer, corpus, 1);
    expect(next.step).toBe(at + 1);
    trainer.dispose();
  });

  it('skips an update whose gradient is not finite, counts it and advises', async () => {
    const { trainer, corpus } = await make(await open());
    // As after an update that was too large. Loading would refuse such weights.
    const { layout } = trainer.model;
    const bias = layout.offsetOf('head.bias');
    const arena = (await trainer.memory.read('parameters')) as Float32Array;
    await trainer.memory.write('parameters', arena.fill(NaN, bias, bias + trainer.model.vocabulary.size));
    const before = (await trainer.parameters())['rnn.weight_hh_l0'].data;
    const reports = await run(trainer, corpus, 3);
    expect(reports.map(({ skipped }) => skipped)).toEqual([true, true, true]);
    expect(reports[2].skippedTotal).toBe(3);
    expect(reports[2].advice).toMatch(/not finite for 3 steps in a row: lower the rate/);
    expect((await trainer.parameters())['rnn.weight_hh_l0'].data).toEqual(before);
    trainer.dispose();
  });

  it('carries the state, and resets it on request', async () => {
    const device = await open();
    const second = async (reset: boolean): Promise<number> => {
      const { trainer, corpus } = await make(device, { optimizer: sgd({ rate: 0 }) });
      await run(trainer, corpus, 1);
      if (reset) trainer.resetState();
      const [report] = await run(trainer, corpus, 1);
      trainer.dispose();
      return report.loss;
    };
    expect(await second(true)).not.toBe(await second(false));
  });

  it('sampling and evaluation do not change training', async () => {
    const device = await open();
    const plain = await make(device);
    const expected = await run(plain.trainer, plain.corpus, 12);
    const { trainer, corpus } = await make(device);
    await run(trainer, corpus, 6);
    const sample = await trainer.sample({ prime: 'the ', length: 30 });
    const evaluation = await trainer.evaluate(corpus);
    expect([...sample].length).toBe(30);
    expect(evaluation.count).toBe(text.length - 1);
    expect(perplexityOf(evaluation.loss)).toBeCloseTo(Math.exp(evaluation.loss), 10);
    expect(await run(trainer, corpus, 6)).toEqual(expected.slice(6));
    plain.trainer.dispose();
    trainer.dispose();
  });
});

it('cpu and webgpu give the same loss curve and the same sample', async () => {
  const results = [];
  for (const [, open] of devices()) {
    const { trainer, corpus } = await make(await open(), { layers: 2 });
    const losses = (await run(trainer, corpus, 60)).map(({ loss }) => loss);
    results.push({
      losses,
      greedy: await trainer.sample({ prime: 'the ', length: 40, temperature: 0 }),
      drawn: await trainer.sample({ prime: 'q', length: 40, temperature: 0.7, topK: 5, seed: 3 }),
    });
    trainer.dispose();
  }
  const [cpu, webgpu] = results;
  for (const [i, loss] of cpu.losses.entries())
    expect(Math.abs(webgpu.losses[i] - loss) / loss).toBeLessThan(1e-3);
  expect(webgpu.greedy).toBe(cpu.greedy);
  expect(webgpu.drawn).toBe(cpu.drawn);
});

it('a greedy sample is the argmax of one cell step after another, warmed up by the prime', async () => {
  const { trainer, corpus } = await make(await openDevice({ backend: 'reference', precision: 'double' }));
  await run(trainer, corpus, 30);
  const whole = await trainer.sample({ prime: 'the quick', length: 12, temperature: 0 });
  // The same continuation character by character: the prime is always the whole text so far.
  let grown = '';
  for (let i = 0; i < 12; i++)
    grown += await trainer.sample({ prime: `the quick${grown}`, length: 1, temperature: 0 });
  expect(whole).toBe(grown);
  trainer.dispose();
});

it('an unseen character in the prime warns and is read as unknown', async () => {
  const { trainer } = await make(await openDevice({ backend: 'cpu' }));
  const warnings: string[] = [];
  expect(
    [
      ...(await trainer.sample({
        prime: 'the 猫',
        length: 5,
        onUnknown: (warning) => warnings.push(warning),
      })),
    ].length,
  ).toBe(5);
  expect(warnings).toEqual([expect.stringMatching(/1 of the prime's characters.*猫/)]);
  trainer.dispose();
});

it('GPU buffers, bind groups and the JavaScript heap do not grow between step 10 and step 3,000', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const device = await webgpuDevice();
  const { trainer, corpus } = await make(device, { batch: 1, time: 3 });
  const drain = async (steps: number): Promise<void> => {
    for await (const { loss } of trainer.run(corpus, { steps })) expect(loss).toBeGreaterThan(0);
  };
  await drain(10);
  const before = device.counts;
  await drain(990); // compilers and caches of the JavaScript engine settle
  const settled = heap();
  await drain(2000);
  expect(device.counts).toEqual(before);
  expect(heap() - settled).toBeLessThan(1);
  trainer.dispose();
}, 600_000);

it('staging buffers of many submits under way are freed', async () => {
  const device = await webgpuDevice();
  const { trainer } = await make(device, { batch: 1, time: 2 });
  const feed = {
    inputs: new Uint32Array(2),
    targets: new Uint32Array(2),
    keep: new Float32Array(1),
    count: Float32Array.of(2),
    hyper: new Float32Array([0, 1, 1, 0]),
  };
  await trainer.program.submit([feed]);
  const { buffers } = device.counts;
  await Promise.all(Array.from({ length: 30 }, () => trainer.program.submit([feed])));
  expect(device.counts.buffers).toBeLessThanOrEqual(buffers + 3);
  trainer.dispose();
});

describe('wrong options are named', () => {
  it.each([
    [{ batch: 0 }, 'batch: expected a whole number of at least 1, got 0.'],
    [{ time: 2.5 }, 'time: expected a whole number of at least 1, got 2.5.'],
    [{ loss: 'median' }, 'loss: expected one of mean, sum, got "median".'],
    [{ clip: { norm: NaN } }, /clip\.norm/],
    [{ sampling: 'sideways' }, 'sampling: expected one of consecutive, random, pointer, got "sideways".'],
    [{ learningRate: 1 }, /trainer\.learningRate: expected one of the options/],
  ])('%o', async (options, message) => {
    await expect(make(await openDevice({ backend: 'cpu' }), options as object)).rejects.toThrow(message);
  });
});
