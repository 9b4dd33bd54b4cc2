import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { openDevice, records, Trainer, adam, type Device, type Records } from '../../src/index.js';
import { datasets } from '../../src/node.js';
import { madeRecords, TASK_PRESETS, TASKS, toys, type TaskPreset } from '../../src/graph.js';

/** A few records in the form that `data get` and the readers give. */
const SAMPLES: Readonly<Record<string, readonly object[]>> = {
  phonemes: [
    { source: 'cat', target: 'K AE T' },
    { source: "it's", target: 'IH T S' },
  ],
  spam: [
    { text: 'Buy now now now buy buy', label: 'spam' },
    { text: 'See you now', label: 'ham' },
  ],
  digits: ['0', '1'].map((label) => ({
    ...{ image: new Float32Array(784).fill(0.5), rows: 28, columns: 28, label },
  })),
  names: [
    { features: Float32Array.of(1, 0), shape: [2], caption: 'Ada' },
    { features: Float32Array.of(0, 1), shape: [2], caption: 'Émile' },
  ],
  'written-digits': [
    { features: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0), shape: [10], caption: '.oO#' },
  ],
};

function recordsOf({ data, options }: TaskPreset): Records<object> {
  if ('get' in data) return records.of(SAMPLES[data.get]);
  const rows = data.made === 'sensors' ? 80 : 6;
  return madeRecords({ name: data.made, rows, seed: 0, options: data.options ?? {} }, options);
}

let device: Device;
beforeAll(async () => void (device = await openDevice({ backend: 'cpu' })));
afterAll(() => device.dispose());

describe('presets for tasks', () => {
  it('have unique names, existing data, and options that their task accepts', () => {
    const names = TASK_PRESETS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, data, task, options, says } of TASK_PRESETS) {
      expect(says, name).toMatch(/^[A-Z].*\.$/);
      if ('get' in data) expect(datasets.map((each) => each.name)).toContain(data.get);
      else expect(toys.catalogue.find((each) => each.name === data.made)?.task, name).toBe(task);
      for (const option of Object.keys(options)) expect(TASKS[task].takes, name).toContain(option);
    }
    // The tasks of the published results.
    for (const wanted of ['dates', 'addition', 'phonemes', 'spam', 'digits-rows', 'digits-pixels'])
      expect(names).toContain(wanted);
    for (const wanted of [
      'names-first',
      'names-every',
      'written-digits',
      'moving-shapes',
      'copy-memory',
      'morse',
    ])
      expect(names).toContain(wanted);
    for (const wanted of ['scenes-first', 'scenes-every', 'scenes-attention', 'adding-100', 'adding-200'])
      expect(names).toContain(wanted);
  });

  it.each(TASK_PRESETS.map((preset) => [preset.name, preset] as const))(
    '%s trains two steps',
    async (_, preset) => {
      const rows = recordsOf(preset);
      const { model, source } = preset.learn(rows);
      const batches = source(rows);
      const { rate, clipNorm = 5 } = preset.train;
      const trainer = await Trainer.create(model, {
        ...{ device, optimizer: adam({ rate }), clip: { norm: clipNorm }, seed: 1 },
        batch: Math.min(preset.train.batch, batches.length),
      });
      const losses: number[] = [];
      for await (const { meanLoss } of trainer.run(batches, { steps: 2 })) losses.push(meanLoss);
      expect(losses).toHaveLength(2);
      expect(losses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
      trainer.dispose();
    },
  );

  // Their options decide how records are read: one-hot symbols, convolutions, pairs of numbers.
  it.each([
    ['copy-memory', 3 * 96 * (12 + 96 + 2) + 8 * 97],
    ['moving-shapes', 80 + 1168 + 8 * 64 * (64 + 64 + 2) + 5 * 129],
    ['adding-200', 3 * 64 * (2 + 64 + 2) + 65],
    ['scenes-first', 448 + 4640 + 4 * 64 * (32 + 64 + 2) + 4 * 64 * 288],
  ])('%s has the parameters of its layers', (name, parameters) => {
    const preset = TASK_PRESETS.find((each) => each.name === name);
    const model = preset?.learn(recordsOf(preset)).model;
    // Of captions, words decide the size of the embedding and of the head.
    const ofWords = preset?.task === 'caption' ? /^(embedding|head)\./ : /^$/;
    const counted = model?.layout.specs.filter((spec) => !ofWords.test(spec.name));
    const sizes = counted?.map(({ shape }) => shape.reduce((product, size) => product * size, 1)) ?? [];
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(parameters);
  });

  it('start the recurrent weights of the RNN over pixels from the identity', () => {
    const preset = TASK_PRESETS.find(({ name }) => name === 'digits-pixels');
    const model = preset?.learn(recordsOf(preset)).model;
    const weights = model?.layout.unpack(model.initialParameters(3)) ?? {};
    expect(Array.from(weights['rnn.weight_hh_l0'].data.slice(0, 102))).toEqual([
      ...[1, ...new Array<number>(100).fill(0), 1],
    ]);
    expect(weights['rnn.bias_ih_l0'].data.every((value) => value === 0)).toBe(true);
    const inputs = weights['rnn.weight_ih_l0'].data;
    expect(inputs.every((value) => value !== 0 && Math.abs(value) < 0.005)).toBe(true);
  });
});
