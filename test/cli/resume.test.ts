import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  openDevice,
  readSafetensors,
  saveCheckpoint,
  Trainer,
  writeSafetensors,
  readCheckpointFile,
} from '../../src/node.js';
import {
  built,
  buildOnce,
  command,
  eventsOf,
  start,
  temporaryFolder,
  TINY,
  type Outcome,
} from './support.js';

const file = temporaryFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog.\n'.repeat(30);

beforeAll(async () => {
  await buildOnce();
  await writeFile(file('text.txt'), TEXT);
});

/** Everything of the steps that does not depend on time. */
function stepsOf(out: string): unknown[] {
  return eventsOf(out, 'step').map(({ step, epoch, loss, smoothLoss, perplexity, gradientNorm, rate }) => ({
    step,
    epoch,
    loss,
    smoothLoss,
    perplexity,
    gradientNorm,
    rate,
  }));
}

async function tensorsOf(name: string): Promise<Record<string, unknown>> {
  return { ...readSafetensors(await readFile(file(name))).tensors };
}

const run = (backend: string, out: string, steps: number, ...more: string[]): string[] => [
  ...[
    'train',
    '--corpus',
    file('text.txt'),
    '--hidden',
    '8',
    '--layers',
    '2',
    '--backend',
    backend,
    '--json',
    '--log-every',
    '1',
    '--sample-every',
    '50',
    '--sample-length',
    '10',
  ],
  ...[
    '--optimizer',
    'adam',
    '--rate',
    '0.01',
    '--warmup',
    '150',
    '--checkpoint-every',
    '100',
    '--steps',
    String(steps),
    '--out',
    file(out),
    ...more,
  ],
];

describe.each(['cpu', 'webgpu'])('%s', (backend) => {
  test('100 steps, kill -9 and 100 resumed steps equal 200 steps bit for bit', async () => {
    const whole = await built(run(backend, `whole-${backend}`, 200));
    expect(whole).toMatchObject({ status: 0, error: '' });

    const part = start(run(backend, `part-${backend}`, 1_000_000));
    await part.printed('{"event":"checkpoint","step":100');
    part.process.kill('SIGKILL');
    expect((await part.ended).killedBy).toBe('SIGKILL');
    // It may have come further before it was killed.
    const { step } = (await readCheckpointFile(file(`part-${backend}`))).progress;

    const rest = await built(['resume', file(`part-${backend}`), '--steps', String(step + 100), '--json']);
    expect(rest).toMatchObject({ status: 0, error: '' });
    const [started] = eventsOf(rest.out, 'start');
    expect(started).toMatchObject({ step, backend });
    console.info(`resumed on ${started.adapter}`);
    const reference = step === 100 ? whole : await built(run(backend, `whole-${backend}`, step + 100));
    expect(stepsOf(rest.out)).toEqual(stepsOf(reference.out).slice(step));
    expect(eventsOf(rest.out, 'sample')).toEqual(
      eventsOf(reference.out, 'sample').filter((sample) => sample.step > step),
    );
    expect(await tensorsOf(`part-${backend}`)).toEqual(await tensorsOf(`whole-${backend}`));
  });
});

describe('interruption', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s finishes the steps under way, writes a checkpoint, says so, and ends with 130',
    async (signal) => {
      const name = `${signal}.safetensors`;
      const running = start(run('cpu', name, 10_000_000, '--checkpoint-every', '0'));
      await running.printed('"step":20');
      running.process.kill(signal);
      running.process.kill(signal); // npx and shells pass the signal on once more: the same request
      const { status, out, error } = await running.ended;
      expect({ status, error }).toEqual({
        status: 130,
        error:
          'unrolled: finishing the submitted steps and writing a checkpoint; press Ctrl-C again to quit at once\n',
      });
      const steps = eventsOf(out, 'step');
      const [done] = eventsOf(out, 'done');
      expect(done).toMatchObject({ reason: 'interrupted', step: steps[steps.length - 1].step });
      expect(eventsOf(out, 'checkpoint')).toEqual([
        { event: 'checkpoint', step: done.step, path: file(name), best: false },
      ]);

      const rest = await built(['resume', file(name), '--more', '3', '--json']);
      expect(eventsOf(rest.out, 'step').map(({ step }) => step)).toEqual(
        [1, 2, 3].map((more) => done.step + more),
      );
    },
  );

  test('a second request quits at once, and the last checkpoint stays', async () => {
    // One endless sample keeps the run busy between the two requests, on any machine.
    const args = [
      ...['train', '--corpus', file('text.txt'), '--hidden', '64', '--backend', 'cpu', '--json'],
      ...['--steps', '20', '--log-every', '1', '--checkpoint-every', '5'],
      ...['--sample-every', '10', '--sample-length', '1000000000'],
    ];
    const running = start([...args, '--out', file('twice.safetensors')]);
    await running.printed('"checkpoint","step":5');
    await running.printed('"step":10');
    running.process.kill('SIGINT');
    await running.warned('to quit at once');
    await new Promise((resolve) => setTimeout(resolve, 700)); // what comes within 500 ms of the first is the same request
    running.process.kill('SIGINT');
    const { status, out, killedBy } = await running.ended;
    expect({ status, killedBy }).toEqual({ status: 130, killedBy: null });
    expect(eventsOf(out, 'done')).toEqual([]);
    expect(readSafetensors(await readFile(file('twice.safetensors'))).metadata.unrolled).toContain(
      '"step":5',
    );
  });

  test('closing the pipe of standard output interrupts the run', async () => {
    const running = start(run('cpu', 'pipe.safetensors', 10_000_000));
    await running.printed('"step":20');
    running.process.stdout?.destroy();
    const { status } = await running.ended;
    expect(status).toBe(130);
    expect(Object.keys(await tensorsOf('pipe.safetensors'))).toContain('head.weight');
  });
});

describe('a run is resumed', () => {
  let first: Outcome;

  beforeAll(async () => {
    first = await command([
      'train',
      '--corpus',
      file('text.txt'),
      ...TINY,
      '--validation',
      '0.2',
      '--eval-every',
      '4',
      '--patience',
      '50',
      '--steps',
      '10',
      '--out',
      file('run.safetensors'),
    ]);
    expect(first).toMatchObject({ status: 0, error: '' });
  });

  const resume = async (...args: string[]): Promise<Outcome> => {
    await copyFile(file('run.safetensors'), file('copy.safetensors'));
    return command(['resume', file('copy.safetensors'), '--json', ...args]);
  };

  test('to a total number of steps, with the options of the run', async () => {
    const { status, out } = await resume('--steps', '16');
    expect(status).toBe(0);
    expect(eventsOf(out, 'start')[0]).toMatchObject({
      step: 10,
      steps: 16,
      hidden: 8,
      validationCharacters: 270,
    });
    expect(eventsOf(out, 'validation').map(({ step }) => step)).toEqual([12, 16]);
  });

  test('with random windows whose state is carried', async () => {
    const words = [
      'train',
      '--corpus',
      file('text.txt'),
      '--hidden',
      '8',
      '--batch',
      '4',
      '--time',
      '20',
      '--json',
    ];
    const random = [...words, '--sampling', 'random', '--log-every', '1', '--backend', 'cpu'];
    const losses = async (args: readonly string[]): Promise<number[]> =>
      eventsOf((await command(args)).out, 'step').map(({ loss }) => loss);
    const carried = await losses([...random, '--carry', '--steps', '9']);
    const zero = await losses([...random, '--steps', '9']);
    expect(carried[0]).toBe(zero[0]);
    expect(carried[1]).not.toBe(zero[1]);
    await command([...random, '--carry', '--steps', '5', '--out', file('carried.safetensors')]);
    expect(await losses(['resume', file('carried.safetensors'), '--steps', '9', '--json'])).toEqual(
      carried.slice(5),
    );
  });

  test('by further steps, with other intervals and another --out', async () => {
    const { status, out } = await resume(
      '--more',
      '4',
      '--log-every',
      '2',
      '--out',
      file('elsewhere.safetensors'),
    );
    expect(status).toBe(0);
    expect(eventsOf(out, 'step').map(({ step }) => step)).toEqual([12, 14]);
    expect(eventsOf(out, 'checkpoint').pop()).toMatchObject({
      step: 14,
      path: file('elsewhere.safetensors'),
    });
    expect(await readFile(file('copy.safetensors'))).toEqual(await readFile(file('run.safetensors')));
  });

  test('not beyond its end without --more or --steps', async () => {
    const { status, error } = await resume();
    expect({ status, error }).toEqual({
      status: 2,
      error:
        'unrolled: This run is complete: it has done 10 of 10 steps. Continue it with --more N, or with ' +
        '--steps and a total above 10.\n',
    });
  });

  test('with the same text in another place', async () => {
    await writeFile(file('moved.txt'), TEXT);
    expect(await resume('--more', '1', '--corpus', file('moved.txt'))).toMatchObject({
      status: 0,
      error: '',
    });
  });

  test.each([
    ['longer', `${TEXT}more`, /has 1354 characters, but had 1350/],
    [
      'of the same length, but another',
      TEXT.replace('quick', 'quiet'),
      /still has 1350 characters, but they differ/,
    ],
  ])('not with a text that is %s', async (_, text, message) => {
    await writeFile(file('changed.txt'), text);
    const { status, out, error } = await resume('--more', '1', '--corpus', file('changed.txt'));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toMatch(message);
    expect(error).toMatch(/^unrolled: The text changed: [^\n]*train --init-from [^\n]+\n$/);
  });

  test('not without its text', async () => {
    const { status, error } = await resume('--more', '1', '--corpus', file('gone.txt'));
    expect(status).toBe(1);
    expect(error).toMatch(/there is no such file/);
  });
});

describe('a checkpoint of a program', () => {
  /** Writes a checkpoint as any program would. @returns the losses of three more steps */
  async function checkpointOf(
    corpus: Corpus,
    name: string,
    steps: number,
    extra?: Record<string, unknown>,
  ): Promise<number[]> {
    const device = await openDevice({ backend: 'cpu' });
    const model = charModel({ vocabulary: corpus.vocabulary, hidden: 8 });
    const trainer = await Trainer.create(model, {
      device,
      batch: 2,
      time: 10,
      optimizer: adam({ rate: 0.01 }),
      seed: 4,
    });
    const train = async (count: number): Promise<number[]> => {
      const losses: number[] = [];
      if (count > 0) for await (const { loss } of trainer.run(corpus, { steps: count })) losses.push(loss);
      return losses;
    };
    await train(steps);
    await writeFile(file(name), await saveCheckpoint(trainer, extra));
    const losses = await train(3);
    device.dispose();
    return losses;
  }

  const resume = (name: string, ...args: string[]): Promise<Outcome> =>
    command(['resume', file(name), '--json', '--backend', 'cpu', '--log-every', '1', '--more', '3', ...args]);
  const lossesOf = (out: string): number[] => eventsOf(out, 'step').map(({ loss }) => loss);

  test('continues with the named text, bit for bit, and stores its name', async () => {
    const expected = await checkpointOf(Corpus.fromText(TEXT), 'program.safetensors', 5);
    const { status, out, error } = await resume('program.safetensors', '--corpus', file('text.txt'));
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(lossesOf(out)).toEqual(expected);
    expect(await resume('program.safetensors')).toMatchObject({ status: 0, error: '' });
  });

  test('with the same options of the text: newlines, limit and validation', async () => {
    const corpus = Corpus.fromText(TEXT, { newlines: 'space', limit: 900 }).split(0.1).train;
    const expected = await checkpointOf(corpus, 'read.safetensors', 5, {
      run: { text: 7, plan: { steps: 'many' }, validation: 'some' },
    });
    const { out, error } = await resume(
      'read.safetensors',
      '--corpus',
      file('text.txt'),
      '--newlines',
      'space',
      '--limit',
      '900',
      '--validation',
      '0.1',
      '--eval-every',
      '2',
    );
    expect(error).toBe('');
    expect(lossesOf(out)).toEqual(expected);
    expect(eventsOf(out, 'validation').map(({ step }) => step)).toEqual([6, 8]);
    expect(await resume('read.safetensors', '--validation', '0.2')).toMatchObject({
      status: 2,
      error: expect.stringMatching(/must keep its value, which is 0\.1/) as string,
    });
  });

  test('with ids from a file', async () => {
    const ids = Int32Array.from({ length: 400 }, (_, i) => (i * i) % 7);
    const expected = await checkpointOf(Corpus.fromIds(ids), 'numbers.safetensors', 5);
    await writeFile(
      file('ids.safetensors'),
      writeSafetensors({ ids: { dtype: 'I32', shape: [400], data: ids } }),
    );
    const { out, error } = await resume('numbers.safetensors', '--ids', file('ids.safetensors'));
    expect(error).toBe('');
    expect(lossesOf(out)).toEqual(expected);
  });

  test('needs a text', async () => {
    await checkpointOf(Corpus.fromText(TEXT), 'textless.safetensors', 0);
    const { status, error } = await resume('textless.safetensors');
    expect(status).toBe(2);
    expect(error).toMatch(
      /textless\.safetensors" does not name the text of its run: name the text with --corpus FILE, --text NAME or --ids FILE/,
    );
  });

  test.each([
    [
      'in which the position means nothing',
      5,
      TEXT.slice(0, 600),
      /saved position is in 67 windows per epoch .* but this run has 29/,
    ],
    [
      'with characters that the model does not know',
      0,
      `${TEXT}ÄÖÜ`,
      /is not the text of this run: the model does not know 3 of its characters/,
    ],
  ])('refuses a text %s', async (_, steps, text, message) => {
    await checkpointOf(Corpus.fromText(TEXT), 'refuses.safetensors', steps);
    await writeFile(file('wrong.txt'), text);
    const { status, out, error } = await resume('refuses.safetensors', '--corpus', file('wrong.txt'));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toMatch(message);
  });

  test('can leave out rare characters, with --min-count', async () => {
    const text = `${TEXT}ÄÖÜ`;
    await writeFile(file('rare.txt'), text);
    const expected = await checkpointOf(Corpus.fromText(text, { minCount: 2 }), 'rare.safetensors', 5);
    const { out } = await resume('rare.safetensors', '--corpus', file('rare.txt'), '--min-count', '2');
    expect(lossesOf(out)).toEqual(expected);
    expect(eventsOf(out, 'warning')).toEqual([
      {
        event: 'warning',
        message: expect.stringMatching(/3 characters are not in the vocabulary/) as string,
      },
    ]);
  });
});
