import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  openDevice,
  OptionError,
  OutOfMemoryError,
  RecurrentLayers,
  Sampler,
  Trainer,
  Vocabulary,
  type Device,
} from '../../src/index.js';
import {
  copyMemory,
  syntheticLanguages,
  taskModel,
  evaluationGraph,
  LARGEST_SEED,
  trainingGraph,
} from '../../src/graph.js';
import { parametersOnDevice } from '../../src/layers/parameters-on-device.js';
import { wholeEntry } from '../../demo/src/host/answers.js';
import { command } from '../cli/support.js';

const corpus = Corpus.fromText('the quick brown fox '.repeat(20));
const model = charModel({ vocabulary: corpus.vocabulary, hidden: 4 });

async function onDevice<T>(work: (device: Device) => Promise<T>): Promise<T> {
  const device = await openDevice({ backend: 'cpu' });
  try {
    return await work(device);
  } finally {
    device.dispose();
  }
}

describe('a seed above 2^32 - 1 is refused, and the largest is used', () => {
  const entrances: readonly (readonly [string, (seed: number) => unknown])[] = [
    ['windows', (seed) => corpus.loader({ sampling: 'random', batch: 2, time: 4, seed })],
    ['a task', (seed) => copyMemory().loader({ batch: 1, seed })],
    ['a generated text', (seed) => syntheticLanguages[0].generate(seed, 10)],
    ['a field or the address of the page', (seed) => wholeEntry('seed', seed, 0, LARGEST_SEED)],
    [
      'Trainer.create',
      (seed) =>
        onDevice((device) => Trainer.create(model, { device, batch: 2, time: 4, optimizer: adam(), seed })),
    ],
    [
      'RecurrentLayers',
      (seed) =>
        onDevice((device) =>
          RecurrentLayers.create({ device, cell: 'gru', input: 2, hidden: 2, batch: 1, time: 2, seed }),
        ),
    ],
    [
      'Sampler',
      (seed) =>
        onDevice(async (device) => {
          const parameters = await parametersOnDevice(
            model,
            model.layout.unpack(new Float32Array(model.layout.elements)),
            device,
          );
          return (await Sampler.create(model, device, parameters)).sample({ length: 1, seed });
        }),
    ],
  ];
  it.each(entrances)('%s', async (_, enter) => {
    await expect(Promise.resolve(LARGEST_SEED).then(enter)).resolves.toBeDefined();
    const refused = Promise.resolve(LARGEST_SEED + 1).then(enter);
    await expect(refused).rejects.toThrow(
      'seed: expected a whole number from 0 to 4294967295, got 4294967296.',
    );
  });

  it.each([['train'], ['sample', '--checkpoint', 'x'], ['plan']])('the command %s', async (...args) => {
    const { status, error } = await command([...args, '--seed', '4294967296']);
    expect(status).toBe(2);
    expect(error).toContain('Expected a whole number from 0 to 4294967295.');
  });
});

describe('sizes that are too large are refused before allocation', () => {
  const vocabulary = Vocabulary.ofNumbers(10);
  const mean = { loss: 'mean', clip: {}, optimizer: adam() } as const;
  it.each([
    ['layers', () => taskModel({ vocabulary, hidden: 4, layers: 20_000 }), 'layers: expected a whole number'],
    [
      'a vocabulary',
      () => Vocabulary.ofNumbers(2 ** 31),
      'vocabularySize: expected a whole number from 1 to',
    ],
    [
      'time steps',
      () => trainingGraph(taskModel({ vocabulary, hidden: 4 }), { sizes: { T: 1e8, N: 1 }, ...mean }),
      'time: expected at most 250000 time steps with 1 layers and directions, got 100000000.',
    ],
    [
      'time steps of many layers',
      () =>
        trainingGraph(taskModel({ vocabulary, hidden: 4, layers: 1000 }), {
          sizes: { T: 1000, N: 1 },
          ...mean,
        }),
      'time: expected at most 250 time steps with 1000 layers and directions, got 1000.',
    ],
    [
      'rows',
      () =>
        evaluationGraph(taskModel({ vocabulary, hidden: 4, cell: 'mingru' }), { sizes: { T: 100, N: 1e9 } }),
      'batch: expected at most 21474836 rows with 100 time steps, got 1000000000.',
    ],
    [
      'a generated text',
      () => syntheticLanguages[0].generate(1, 1e12),
      'characters: expected a whole number from 1 to 100000000',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });

  it('one huge id', () => {
    expect(() => Corpus.fromIds([0, 1, 1_600_000_000, 2])).toThrow(
      'The largest id is 1600000000, and would need a vocabulary of 1600000001 symbols, of which there are ' +
        '1114112 at most',
    );
  });

  it('a window that the device cannot hold', async () => {
    const task = copyMemory({ delay: 100_000_000 });
    await onDevice(async (device) => {
      const long = taskModel({ vocabulary: task.vocabulary, hidden: 4, cell: 'mingru' });
      const options = { device, batch: 32, time: task.time, optimizer: adam() };
      await expect(Trainer.create(long, options)).rejects.toThrow(OutOfMemoryError);
      await expect(Trainer.create(long, options)).rejects.toThrow(
        /A window of 32 rows and 100000020 time steps/,
      );
    });
  });

  it('--layers, --delay and --limit of the command', async () => {
    for (const args of [
      ['--layers', '20000'],
      ['--task', 'copy-memory', '--delay', '100000000'],
      ['--text', 'dates', '--limit', '1000000000000'],
    ]) {
      const { status, out, error } = await command(['train', '--backend', 'cpu', ...args]);
      expect(status).toBeGreaterThan(0);
      expect(out).toBe('');
      expect(error).toMatch(/^unrolled: [^\n]+\n$/);
    }
  });
});
