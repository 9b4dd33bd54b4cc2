import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDevice, writeSafetensors, readCheckpointFile } from '../../src/node.js';
import type { GpuDevice } from '../../src/device/gpu-device.js';
import { command, events, eventsOf, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog.\n'.repeat(30);

beforeAll(() => writeFile(file('text.txt'), TEXT));

async function train(...args: string[]): Promise<string> {
  const { status, out, error } = await command(['train', '--corpus', file('text.txt'), ...TINY, ...args]);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return out;
}

describe('--json', () => {
  test('has the events and fields that programs rely on, in order', async () => {
    const out = await train(
      '--steps',
      '6',
      '--log-every',
      '3',
      '--sample-every',
      '6',
      '--sample-length',
      '7',
      '--out',
      file('events.safetensors'),
    );
    const [start, first, second, sample, checkpoint, done] = events(out);
    expect(events(out)).toHaveLength(6);
    expect(start).toMatchObject({
      event: 'start',
      backend: 'cpu',
      parameters: 8 * 29 + 8 * 8 + 8 + 29 * 8 + 29,
      vocabulary: 29,
      batch: 1,
      time: 25,
      steps: 6,
      step: 0,
      uniformLoss: Math.log(29),
      uniformPerplexity: 29,
    });
    expect(start).toMatchObject({
      dispatchesPerStep: expect.any(Number) as number,
      adapter: expect.any(String) as string,
      why: 'as asked',
    });
    expect([first, second]).toMatchObject([
      { event: 'step', step: 3 },
      { event: 'step', step: 6 },
    ]);
    for (const field of [
      'loss',
      'smoothLoss',
      'perplexity',
      'bitsPerChar',
      'gradientNorm',
      'rate',
      'charsPerSecond',
    ])
      expect(first).toHaveProperty(field, expect.any(Number));
    expect(sample).toMatchObject({
      event: 'sample',
      step: 6,
      text: expect.stringMatching(/^.{7}$/s) as string,
    });
    expect(checkpoint).toEqual({
      event: 'checkpoint',
      step: 6,
      path: file('events.safetensors'),
      best: false,
    });
    expect(done).toMatchObject({ event: 'done', reason: 'steps', step: 6 });
    for (const field of ['loss', 'smoothLoss', 'perplexity', 'seconds', 'charsPerSecond'])
      expect(done).toHaveProperty(field, expect.any(Number));
  });

  test(
    'loss is of one step, perplexity averages over the steps since the last report, the smooth loss ' +
      'starts at log(V)·T',
    async () => {
      const each = eventsOf(await train('--steps', '6', '--log-every', '1'), 'step');
      const [, report] = eventsOf(await train('--steps', '6', '--log-every', '3'), 'step');
      expect(report.loss).toBe(each[5].loss);
      const mean = (each[3].loss + each[4].loss + each[5].loss) / 3 / 25;
      expect(report.perplexity).toBeCloseTo(Math.exp(mean), 9);
      expect(report.bitsPerChar).toBeCloseTo(mean / Math.LN2, 9);
      expect(each[0].smoothLoss).toBeCloseTo(0.999 * Math.log(29) * 25 + 0.001 * each[0].loss, 9);
      expect(report.smoothLoss).toBe(each[5].smoothLoss);
    },
  );

  test('reports the last step even if it is not a multiple of --log-every', async () => {
    expect(eventsOf(await train('--steps', '7', '--log-every', '5'), 'step').map(({ step }) => step)).toEqual(
      [5, 7],
    );
  });
});

test('samples, evaluations and checkpoints happen exactly after their step', async () => {
  const out = await train(
    ...[
      '--steps',
      '20',
      '--log-every',
      '20',
      '--sample-every',
      '6',
      '--validation',
      '0.2',
      '--eval-every',
      '9',
      '--checkpoint-every',
      '7',
      '--out',
      file('exact.safetensors'),
    ],
  );
  const at = (kind: 'sample' | 'validation' | 'checkpoint'): number[] =>
    eventsOf(out, kind).flatMap((event) =>
      'best' in event && event.event === 'checkpoint' && event.best ? [] : [event.step],
    );
  expect(at('sample')).toEqual([6, 12, 18]);
  expect(at('validation')).toEqual([9, 18]);
  expect(at('checkpoint')).toEqual([7, 14, 20]);
});

test('the same seed gives the same losses, samples included; another seed gives others', async () => {
  const run = async (seed: string): Promise<unknown[]> => {
    const out = await train('--steps', '8', '--log-every', '1', '--sample-every', '4', '--seed', seed);
    return [
      ...eventsOf(out, 'step').map(({ loss }) => loss),
      ...eventsOf(out, 'sample').map(({ text }) => text),
    ];
  };
  const first = await run('3');
  expect(await run('3')).toEqual(first);
  expect(await run('4')).not.toEqual(first);
});

describe('options override the preset', () => {
  test('and keep its other values', async () => {
    await train(
      '--preset',
      'min-char-rnn',
      '--steps',
      '1',
      '--rate',
      '0.05',
      '--clip-norm',
      '2',
      '--layers',
      '2',
      '--nonlinearity',
      'relu',
      '--out',
      file('options.safetensors'),
    );
    const { trainer, model } = await readCheckpointFile(file('options.safetensors'));
    expect(model.config).toMatchObject({
      hidden: 8,
      layers: 2,
      nonlinearity: 'relu',
      biases: 'single',
      init: { kind: 'normal', deviation: 0.01 },
    });
    expect(trainer).toMatchObject({
      batch: 1,
      time: 25,
      loss: 'sum',
      sampling: 'pointer',
      clip: { value: 5, norm: 2 },
    });
    expect(trainer.optimizer).toMatchObject({
      kind: 'adagrad',
      options: { rate: 0.05, epsilon: 1e-8, epsilonInside: true },
    });
  });

  test('another optimizer has its own defaults, 0 turns clipping off, more rows are consecutive', async () => {
    await train(
      ...[
        '--steps',
        '2',
        '--optimizer',
        'adam',
        '--clip-value',
        '0',
        '--batch',
        '4',
        '--time',
        '10',
        '--loss',
        'mean',
        '--init-std',
        '0.2',
        '--schedule',
        'cosine',
        '--out',
        file('other.safetensors'),
      ],
    );
    const { trainer, model } = await readCheckpointFile(file('other.safetensors'));
    expect(trainer).toMatchObject({
      batch: 4,
      time: 10,
      loss: 'mean',
      report: 'mean',
      sampling: 'consecutive',
      clip: {},
      schedule: { kind: 'cosine', steps: 2 },
    });
    expect(trainer.optimizer).toMatchObject({ kind: 'adam', options: { rate: 0.001 } });
    expect(model.config.init).toEqual({ kind: 'normal', deviation: 0.2 });
  });

  test('--rate-decay alone means step decay', async () => {
    const rates = eventsOf(
      await train('--steps', '108', '--log-every', '1', '--rate-decay', '0.5', '--rate-decay-after', '1'),
      'step',
    ).map(({ epoch, rate }) => `${epoch}: ${rate}`);
    expect([...new Set(rates)]).toEqual(['0: 0.1', '1: 0.05', '2: 0.025']);
  });

  test('gluon reports each epoch and continues every prefix greedily every 20', async () => {
    const out = await train(
      '--preset',
      'gluon',
      '--batch',
      '2',
      '--time',
      '64',
      '--epochs',
      '40',
      '--sample-every',
      '200',
      '--prime',
      'the',
      '--prime',
      'fox',
    );
    const [start] = eventsOf(out, 'start');
    expect(start).toMatchObject({ sampling: 'random', optimizer: 'sgd', stepsPerEpoch: 10, steps: 400 });
    expect(eventsOf(out, 'step').map(({ step }) => step)).toEqual(
      Array.from({ length: 40 }, (_, i) => 10 * (i + 1)),
    );
    const samples = eventsOf(out, 'sample');
    expect(samples.map(({ step, prime }) => [step, prime])).toEqual([
      [200, 'the'],
      [200, 'fox'],
      [400, 'the'],
      [400, 'fox'],
    ]);
    for (const { text } of samples) expect(text).toMatch(/^[^\n]{100}$/);
    expect(
      eventsOf(await train('--preset', 'gluon', '--batch', '2', '--time', '64', '--steps', '1'), 'start')[0]
        .steps,
    ).toBe(1);
  });
});

describe('validation', () => {
  test('keeps the best checkpoint and stops after evaluations without a better one', async () => {
    const out = await train(
      ...[
        '--validation',
        '0.3',
        '--eval-every',
        '5',
        '--patience',
        '2',
        '--steps',
        '2000',
        '--optimizer',
        'sgd',
        '--rate',
        '3',
        '--out',
        file('early.safetensors'),
      ],
    );
    const validations = eventsOf(out, 'validation');
    const [done] = eventsOf(out, 'done');
    expect(done).toMatchObject({ reason: 'patience', step: validations[validations.length - 1].step });
    expect(validations.slice(-2).map(({ best }) => best)).toEqual([false, false]);
    const best = validations.filter((event) => event.best).pop();
    expect(best?.loss).toBe(Math.min(...validations.map(({ loss }) => loss)));
    expect((await readCheckpointFile(file('early.best.safetensors'))).progress.step).toBe(best?.step);
    expect((await readCheckpointFile(file('early.safetensors'))).progress.step).toBe(done.step);
  });

  test('without --out no checkpoint is written', async () => {
    await train('--validation', '0.3', '--eval-every', '2', '--steps', '4');
    expect(existsSync(file('undefined.best.safetensors'))).toBe(false);
  });
});

test('--init-from takes the weights, the model and the vocabulary, and neither step nor optimizer', async () => {
  await train('--steps', '300', '--out', file('first.safetensors'));
  await writeFile(file('few.txt'), 'the dog the fox '.repeat(20));
  const args = [
    'train',
    '--corpus',
    file('few.txt'),
    '--init-from',
    file('first.safetensors'),
    '--steps',
    '1',
    '--log-every',
    '1',
    '--backend',
    'cpu',
    '--sample-every',
    '0',
    '--json',
    '--out',
    file('second.safetensors'),
  ];
  const { status, out } = await command(args);
  expect(status).toBe(0);
  expect(eventsOf(out, 'start')[0]).toMatchObject({ hidden: 8, vocabulary: 29, step: 0 });
  const { parameters } = await readCheckpointFile(file('first.safetensors'));
  await writeFile(
    file('state_dict.safetensors'),
    writeSafetensors(
      Object.fromEntries(
        Object.entries(parameters).map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data) },
        ]),
      ),
    ),
  );
  const again = await command([
    'train',
    '--corpus',
    file('text.txt'),
    '--init-from',
    file('state_dict.safetensors'),
    '--steps',
    '1',
    '--log-every',
    '1',
    '--backend',
    'cpu',
    '--json',
    '--sample-every',
    '0',
  ]);
  expect(again).toMatchObject({ status: 0 });
  expect(eventsOf(again.out, 'step')[0].loss).toBeLessThan(0.7 * 25 * Math.log(29));
});

test('--ids trains on numbers with one row for each stream', async () => {
  await writeFile(
    file('ids.safetensors'),
    writeSafetensors({
      ids: { shape: [200, 3], data: new Int32Array(600).map((_, i) => (i % 3) + (Math.floor(i / 3) % 4)) },
    }),
  );
  const { status, out } = await command([
    'train',
    '--ids',
    file('ids.safetensors'),
    '--steps',
    '3',
    ...TINY,
    '--sample-every',
    '3',
    '--sample-length',
    '4',
  ]);
  expect(status).toBe(0);
  expect(eventsOf(out, 'start')[0]).toMatchObject({
    batch: 3,
    vocabulary: 6,
    characters: 600,
    sampling: 'consecutive',
  });
  expect(eventsOf(out, 'sample')[0].text).toMatch(/^(\[\d\] ){3}\[\d\]$/);
});

test.each(['english', 'chinese', 'brackets', 'dates'])('--text %s needs no file', async (name) => {
  const { status, out } = await command([
    'train',
    '--text',
    name,
    '--limit',
    '2000',
    '--steps',
    '2',
    ...TINY,
  ]);
  expect(status).toBe(0);
  expect(eventsOf(out, 'start')[0].characters).toBeGreaterThanOrEqual(2000);
});

test(
  'what a person reads says on what it computes and why, what a model without knowledge has, and how it ' +
    'ended',
  async () => {
    const { status, out, error } = await command([
      'train',
      '--corpus',
      file('text.txt'),
      '--hidden',
      '8',
      '--backend',
      'cpu',
      '--steps',
      '100',
      '--sample-length',
      '5',
    ]);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/computes on +cpu: CPU, .*SIMD \(as asked\)/);
    expect(out).toMatch(/29 different ones/);
    expect(out).toMatch(/guessing +loss 3\.3673 per character \(log 29\), perplexity 29/);
    expect(out).toMatch(/^step 100 {2}loss /m);
    expect(out).toMatch(/^---- step 100 ----$/m);
    expect(out).toMatch(/^done: step 100, /m);
  },
);

test('unknown characters of a prime cause one warning, not one for every sample', async () => {
  const out = await train('--steps', '4', '--sample-every', '2', '--prime', 'the 日');
  expect(eventsOf(out, 'warning').map(({ message }) => message)).toEqual([expect.stringMatching(/日/)]);
  expect(eventsOf(out, 'sample')).toHaveLength(2);
});

test('losing the adapter during a run ends with status 1 and prints how to continue', async () => {
  const device = (await openDevice({ backend: 'webgpu' })) as GpuDevice;
  console.info(`lost in mid-run: ${device.info.adapter}`);
  let told = false;
  const { status, out, error } = await command(
    [
      'train',
      '--corpus',
      file('text.txt'),
      '--hidden',
      '8',
      '--json',
      '--steps',
      '5000',
      '--log-every',
      '1',
      '--sample-every',
      '0',
      '--checkpoint-every',
      '20',
      '--out',
      file('lost.safetensors'),
    ],
    {
      openBackend: () => Promise.resolve({ device, name: 'webgpu', why: 'of the test' }),
      interrupt: () => {
        // The run begins: take the device away as soon as there is a checkpoint.
        const timer = setInterval(() => {
          if (!existsSync(file('lost.safetensors')) || told) return;
          told = true;
          device.native.destroy();
        }, 5);
        return { signal: new AbortController().signal, release: () => clearInterval(timer) };
      },
    },
  );
  expect(status).toBe(1);
  const checkpoints = eventsOf(out, 'checkpoint');
  const { step } = checkpoints[checkpoints.length - 1];
  expect(error).toMatch(/^unrolled: The GPU was lost[^\n]+\n$/);
  expect(error).toContain(`unrolled resume ${file('lost.safetensors')} continues after step ${step}`);
  expect((await readCheckpointFile(file('lost.safetensors'))).progress.step).toBe(step);
});
