import { describe, expect, it } from 'vitest';
import { adam, captioner, characters, openDevice, Trainer, type CaptionerOptions } from '../../src/index.js';
import { Random, STREAM } from '../../src/core/random.js';
import { expectNumbersOfTraining } from '../support/teacher-forced.js';

const tokenizer = characters(['abcdef']);
const target = { tokenizer, embedding: 4 };
const cpu = await openDevice({ backend: 'cpu' });

const KINDS: readonly (readonly [string, Omit<CaptionerOptions, 'target'>])[] = [
  ['first, RNN', { cell: 'rnn', hidden: 6, features: { size: 5 } }],
  ['first, LSTM of two layers', { cell: 'lstm', layers: 2, hidden: 6, features: { size: 5 } }],
  ['every, GRU', { cell: 'gru', hidden: 6, features: { size: 5 }, inject: 'every' }],
  ['prefix, LSTM', { cell: 'lstm', hidden: 6, features: { size: 5 }, inject: 'prefix' }],
  ['attention, GRU', { cell: 'gru', hidden: 6, features: { size: 3, cells: 4 } }],
  ['attention, LSTM of two layers', { layers: 2, hidden: 6, features: { size: 3, cells: 4 } }],
  ['attention, minGRU', { cell: 'mingru', hidden: 6, features: { size: 3, cells: 4 } }],
];

describe('single steps of a captioner have the results of its training graph', () => {
  it.each(KINDS)('%s', async (_, options) => {
    const random = new Random(3, STREAM.test);
    const { size: F, cells } = options.features ?? { size: 0 };
    const [N, P] = [3, cells ?? 1];
    const images = Array.from({ length: N }, () =>
      Float32Array.from({ length: P * F }, () => random.normal()),
    );
    const values = Float32Array.from({ length: P * N * F }, (__, i) => {
      const [p, n] = [Math.floor(i / (N * F)), Math.floor(i / F) % N];
      return images[n][p * F + (i % F)];
    });
    await expectNumbersOfTraining(cpu, {
      model: captioner({ ...options, target }),
      conditions: images,
      arrays: { [cells === undefined ? 'features' : 'grid']: values },
      sizes: {},
      ...(cells === undefined ? {} : { positions: images.map(() => cells) }),
    });
  });
});

it('captions images that convolutions read, with attention over their places', async () => {
  const random = new Random(5, STREAM.test);
  const images = Array.from({ length: 3 }, () => Float32Array.from({ length: 4 * 6 }, () => random.normal()));
  await expectNumbersOfTraining(cpu, {
    model: captioner({ hidden: 6, image: { rows: 4, columns: 6, filters: [3] }, target }),
    conditions: images,
    arrays: { image: Float32Array.from(images.flatMap((image) => Array.from(image))) },
    sizes: {},
    positions: images.map(() => 2 * 3),
  });
});

it('refuses features of a wrong shape', async () => {
  const model = captioner({ hidden: 4, features: { size: 3, cells: 2 }, target });
  const trainer = await Trainer.create(model, { device: cpu, optimizer: adam({ rate: 0.01 }) });
  await expect(trainer.generate(new Float32Array(3))).rejects.toThrow(
    'The condition 0 must be "grid" of one image, [2,3] = 6 numbers, but it has 3.',
  );
  await expect(trainer.generate('abcdef' as unknown as number[])).rejects.toThrow('but "abcdef" came.');
  await expect(trainer.generate([1, 2, NaN, 4, 5, 6])).rejects.toThrow('finite');
  trainer.dispose();
});
