import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settings, TextChoice } from '../../demo/src/training/protocol.js';
import { recipeEntries } from '../../demo/src/training/worker/recipes.js';
import { Run } from '../../demo/src/training/worker/run.js';
import { openDevice, type Device } from '../../src/index.js';
import { command, eventsOf, temporaryFolder } from '../cli/support.js';

const file = temporaryFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog.\n'.repeat(30);
let device: Device;

beforeAll(async () => {
  device = await openDevice({ backend: 'cpu' });
  await writeFile(file('text.txt'), TEXT);
});
afterAll(() => device.dispose());

const settings = (text: TextChoice, preset = 'min-char-rnn'): Settings => ({
  text,
  preset,
  ...recipeEntries(preset).settings,
  hidden: 12,
  time: 8,
  batch: preset === 'gluon' ? 4 : 1,
  rate: 0.1,
  seed: 3,
  steps: '',
  backend: 'cpu',
});

/** Trains a run of the page. @returns the losses */
async function train(run: Run, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for await (const { loss } of run.trainer.run(run.corpus, { steps })) losses.push(loss);
  return losses;
}

/** A run of the page after 20 steps, its checkpoint in a file. */
async function saved(text: TextChoice, name: string, preset?: string): Promise<Run> {
  const run = await Run.create(settings(text, preset), device);
  await train(run, 20);
  await writeFile(file(name), await run.save());
  return run;
}

const lossesOf = (out: string): number[] => eventsOf(out, 'step').map(({ loss }) => loss);
const resume = (name: string, ...args: string[]): ReturnType<typeof command> =>
  command(['resume', file(name), '--json', '--log-every', '1', '--backend', 'cpu', ...args]);

describe('the command goes on with what the page saved', () => {
  test.each([
    ['a bundled text', { kind: 'bundled', name: 'english' }, 'min-char-rnn', []],
    [
      'a bundled text of the gluon recipe, its newlines as spaces',
      { kind: 'bundled', name: 'chinese' },
      'gluon',
      [],
    ],
    ['a generated language', { kind: 'synthetic', name: 'dates' }, 'min-char-rnn', []],
    [
      'a generated language of the gluon recipe, 20,000 characters of it',
      { kind: 'synthetic', name: 'dates' },
      'gluon',
      [],
    ],
    ['a file', { kind: 'file', file: new File([TEXT], 'text.txt') }, 'min-char-rnn', ['--corpus', '@']],
    ['a pasted text', { kind: 'pasted', text: TEXT }, 'gluon', ['--corpus', '@']],
  ] satisfies [string, TextChoice, string, string[]][])(
    '%s: losses are those of the page, bit for bit',
    async (about, text, preset, args) => {
      const name = `${about.slice(0, 20)}.safetensors`;
      const page = await saved(text, name, preset);
      const { status, out, error } = await resume(
        name,
        '--more',
        '6',
        ...args.map((arg) => (arg === '@' ? file('text.txt') : arg)),
      );
      expect({ status, error }).toEqual({ status: 0, error: '' });
      expect(eventsOf(out, 'start')[0]).toMatchObject({
        step: 20,
        steps: 26,
        hidden: 12,
        characters: page.corpus.length,
      });
      expect(eventsOf(out, 'warning')).toEqual([]);
      expect(lossesOf(out)).toEqual(await train(page, 6));
      // From now on the checkpoint remembers all of it.
      expect(eventsOf((await resume(name, '--more', '2')).out, 'start')[0]).toMatchObject({
        step: 26,
        steps: 28,
      });
      page.dispose();
    },
  );

  test('10,000 steps more, where nobody says how many', async () => {
    const page = await saved({ kind: 'bundled', name: 'english' }, 'endless.safetensors');
    const interrupted = (): { signal: AbortSignal; release: () => void } => ({
      signal: AbortSignal.abort(),
      release: () => undefined,
    });
    const { out } = await command(['resume', file('endless.safetensors'), '--json', '--backend', 'cpu'], {
      interrupt: interrupted,
    });
    expect(eventsOf(out, 'start')[0]).toMatchObject({ step: 20, steps: 10_020 });
    page.dispose();
  });

  test('a text whose place the page does not know must be named', async () => {
    const page = await saved({ kind: 'file', file: new File([TEXT], 'novel.txt') }, 'unnamed.safetensors');
    const { status, out, error } = await resume('unnamed.safetensors', '--more', '1');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(
      /was trained on "novel\.txt", but there is no file ".*\/novel\.txt": name the text with --corpus FILE, --text NAME or --ids FILE/,
    );
    page.dispose();
  });

  test('sample and eval take it too', async () => {
    const page = await saved({ kind: 'pasted', text: TEXT }, 'small.safetensors');
    const sample = await command([
      'sample',
      '--checkpoint',
      file('small.safetensors'),
      '--prime',
      'the ',
      '--length',
      '30',
      '--backend',
      'cpu',
    ]);
    expect(sample).toEqual({ status: 0, out: expect.stringMatching(/^the .{30}\n$/s) as string, error: '' });
    const evaluated = await command([
      'eval',
      '--checkpoint',
      file('small.safetensors'),
      '--corpus',
      file('text.txt'),
      '--backend',
      'cpu',
      '--json',
    ]);
    expect(evaluated).toMatchObject({ status: 0, error: '' });
    expect(JSON.parse(evaluated.out)).toMatchObject({ step: 20, characters: TEXT.length - 1, unknown: 0 });
    page.dispose();
  });
});

describe('the page goes on with what the command wrote', () => {
  const trainArgs = (name: string): string[] => [
    'train',
    '--hidden',
    '12',
    '--backend',
    'cpu',
    '--json',
    '--sample-every',
    '0',
    '--steps',
    '20',
    '--out',
    file(name),
  ];

  test.each([
    ['a file', ['--corpus', '@'], { kind: 'file', file: new File([TEXT], 'text.txt') }],
    [
      'a file with a part held back',
      ['--corpus', '@', '--validation', '0.2'],
      { kind: 'file', file: new File([TEXT], 'text.txt') },
    ],
    [
      'a bundled text of the gluon recipe',
      ['--text', 'chinese', '--preset', 'gluon', '--batch', '4', '--time', '8'],
      { kind: 'bundled', name: 'chinese' },
    ],
    [
      'the beginning of a generated language',
      ['--text', 'urls', '--limit', '5000', '--optimizer', 'adam'],
      { kind: 'synthetic', name: 'urls' },
    ],
  ] satisfies [string, string[], TextChoice][])(
    '%s: losses are those of the command, bit for bit, and so there and back',
    async (about, args, text) => {
      const name = `${about.slice(0, 20)}-back.safetensors`;
      expect(
        await command([...trainArgs(name), ...args.map((arg) => (arg === '@' ? file('text.txt') : arg))]),
      ).toMatchObject({ status: 0, error: '' });
      const page = await Run.resume(await readFile(file(name)), settings(text), device);
      expect(page.facts).toMatchObject({ step: 20, text: { warnings: [] } });
      const expected = lossesOf((await resume(name, '--more', '6')).out);
      expect(await train(page, 3)).toEqual(expected.slice(0, 3));
      await writeFile(file('back.safetensors'), await page.save());
      const back = await resume(
        'back.safetensors',
        '--more',
        '3',
        ...(text.kind === 'file' ? ['--corpus', file('text.txt')] : []),
      );
      expect(lossesOf(back.out)).toEqual(expected.slice(3));
      const again = await Run.resume(await readFile(file('back.safetensors')), settings(text), device);
      expect(again.facts).toMatchObject({ step: 26, text: { warnings: [] } });
      for (const run of [page, again]) run.dispose();
    },
  );
});
