import { execFileSync } from 'node:child_process';
import { copyFile, link, lstat, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCheckpointFile } from '../../src/node.js';
import { command, temporaryFolder, TINY, type Outcome } from './support.js';

const file = temporaryFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog.\n'.repeat(30);

beforeAll(async () => {
  await writeFile(file('text.txt'), TEXT);
  await writeFile(file('empty.safetensors'), '');
  expect(await train('--out', '@model.safetensors', '--validation', '0.2')).toMatchObject({ status: 0 });
});

/** Runs the command on files of the folder: `@name` is one. */
const on = (...args: readonly string[]): Promise<Outcome> =>
  command(args.map((arg) => (arg.startsWith('@') ? file(arg.slice(1)) : arg)));

const train = (...args: readonly string[]): Promise<Outcome> =>
  on(
    'train',
    ...(args.includes('--corpus') ? [] : ['--corpus', '@text.txt']),
    '--steps',
    '3',
    ...TINY,
    ...args,
  );

async function expectRefusal(outcome: Promise<Outcome>, status: number, message: RegExp): Promise<void> {
  const { status: came, out, error } = await outcome;
  expect({ came, out }).toEqual({ came: status, out: '' });
  expect(error).toMatch(message);
  expect(error).toMatch(/^unrolled: [^\n]+\n$/);
}

/** Nothing that `work` does changes these files. */
async function expectKept(names: readonly string[], work: () => Promise<void>): Promise<void> {
  const contents = (): Promise<string[]> => Promise.all(names.map((name) => readFile(file(name), 'latin1')));
  const before = await contents();
  await work();
  expect(await contents()).toEqual(before);
}

describe('an output with the path of an input', () => {
  test('is refused by train, for every input and every spelling, also for the best checkpoint', async () => {
    await symlink(file('text.txt'), file('link.txt'));
    await link(file('text.txt'), file('hard.txt'));
    await copyFile(file('text.txt'), file('m.best.safetensors'));
    await expectKept(['text.txt', 'm.best.safetensors', 'model.safetensors'], async () => {
      for (const out of ['@text.txt', '@link.txt', '@hard.txt', `${file('.')}/./text.txt`])
        await expectRefusal(train('--out', out), 2, /--out ".*" is the same file as --corpus ".*text\.txt"/);
      await expectRefusal(
        train('--corpus', '@m.best.safetensors', '--validation', '0.1', '--out', '@m.safetensors'),
        2,
        /the best checkpoint beside --out ".*" is the same file as --corpus/,
      );
      await expectRefusal(
        train('--init-from', '@model.safetensors', '--out', '@model.safetensors', '--overwrite'),
        2,
        /is the same file as --init-from/,
      );
      await expectRefusal(
        on('train', '--ids', '@model.safetensors', '--out', '@model.safetensors', ...TINY),
        2,
        /is the same file as --ids/,
      );
    });
  });

  test('is refused even if the file does not exist yet', async () => {
    await mkdir(file('inside'), { recursive: true });
    await symlink(file('inside'), file('alias'));
    await expectRefusal(
      train('--corpus', '@inside/new.txt', '--out', '@alias/new.txt'),
      2,
      /is the same file as --corpus/,
    );
  });

  test('is refused by resume and export', async () => {
    await expectKept(['text.txt', 'model.safetensors', 'model.best.safetensors'], async () => {
      await expectRefusal(
        on('resume', '@model.safetensors', '--more', '3', '--out', '@text.txt', '--json'),
        2,
        /is the same file as the text/,
      );
      await expectRefusal(
        on('resume', '@model.best.safetensors', '--more', '3', '--out', '@model.safetensors', '--json'),
        2,
        /the best checkpoint beside --out ".*" is the same file as the checkpoint/,
      );
      await expectRefusal(
        on('export', '--checkpoint', '@model.safetensors', '--onnx', '@model.safetensors'),
        2,
        /--onnx ".*" is the same file as --checkpoint/,
      );
      await expectRefusal(
        on('export', '--checkpoint', '@model.safetensors', '--onnx', '@model.best.safetensors'),
        1,
        /is a checkpoint, and export would replace it/,
      );
    });
  });
});

describe('an existing file', () => {
  test('is not replaced by train without --overwrite, unless it is empty', async () => {
    await writeFile(file('notes.md'), 'my notes');
    await expectKept(['model.safetensors', 'notes.md'], async () => {
      await expectRefusal(
        train('--out', '@model.safetensors'),
        1,
        /holds a model after 3 steps, and train would replace it: continue it with unrolled resume .*--overwrite/,
      );
      await expectRefusal(train('--out', '@notes.md'), 1, /notes\.md" exists.*--overwrite/);
    });
    expect(await train('--out', '@empty.safetensors')).toMatchObject({ status: 0 });
    expect(await train('--out', '@notes.md', '--overwrite')).toMatchObject({ status: 0 });
    expect((await readCheckpointFile(file('notes.md'))).progress.step).toBe(3);
  });

  test('is not replaced by the best checkpoint of another run, or by resume', async () => {
    await copyFile(file('model.safetensors'), file('other.best.safetensors'));
    await copyFile(file('model.safetensors'), file('kept.safetensors'));
    await expectKept(['other.best.safetensors', 'kept.safetensors'], async () => {
      await expectRefusal(
        train('--validation', '0.2', '--out', '@other.safetensors'),
        1,
        /other\.best\.safetensors" holds a model/,
      );
      await expectRefusal(
        on('resume', '@model.safetensors', '--more', '2', '--out', '@kept.safetensors'),
        1,
        /kept\.safetensors" holds a model after 3 steps, and resume would replace it/,
      );
    });
  });

  test('is not replaced by resume if it is the best checkpoint of a run', async () => {
    await expectKept(['model.best.safetensors'], async () => {
      await expectRefusal(
        on('resume', '@model.best.safetensors', '--more', '2'),
        2,
        /is the best checkpoint of a run, and resume would replace it: name another file with --out/,
      );
      const more = ['--more', '2', '--json', '--out', '@after.safetensors'];
      expect(await on('resume', '@model.best.safetensors', ...more)).toMatchObject({ status: 0, error: '' });
    });
  });

  test('--overwrite without a file to replace is refused', async () => {
    await expectRefusal(train('--overwrite'), 2, /--overwrite needs --out FILE/);
  });
});

describe('an output that cannot be written', () => {
  test.each([
    ['a folder', '@folder', /it is a folder/],
    ['a path that ends like a folder', '@new/', /ends like that of a folder/],
    ['inside a file', '@text.txt/x.safetensors', /a part of its path is a file/],
    ['no path', '', /its path is empty/],
    ['a name that is too long', `@${'a'.repeat(256)}`, /its name is too long/],
    ['a best checkpoint that is a folder', '@y.safetensors', /y\.best\.safetensors": it is a folder/],
    ['no such folder', '@nowhere/x.safetensors', /there is no such folder/],
    ['a pipe', '@pipe', /it is a pipe or a device/],
  ])('%s is refused before the first step', async (_, out, message) => {
    await mkdir(file('folder'), { recursive: true });
    await mkdir(file('y.best.safetensors'), { recursive: true });
    if (out === '@pipe') execFileSync('mkfifo', [file('pipe')]);
    await expectRefusal(train('--validation', '0.1', '--out', out), 1, message);
    if (out === '@pipe') expect((await lstat(file('pipe'))).isFIFO()).toBe(true);
  });

  test('is not one whose name has the largest length', async () => {
    const name = `@${'b'.repeat(255)}`;
    expect(await train('--out', name)).toMatchObject({ status: 0 });
  });
});

test('a folder with links to a text and to a folder can be moved', async () => {
  await mkdir(file('first/texts'), { recursive: true });
  await copyFile(file('text.txt'), file('first/texts/real.txt'));
  await symlink('texts/real.txt', file('first/link.txt'));
  await symlink(file('first'), file('shortcut'));
  const out = ['--out', '@shortcut/a.safetensors'];
  expect(await train('--corpus', '@first/link.txt', ...out)).toMatchObject({ status: 0 });
  await rename(file('first'), file('second'));
  const resumed = await on('resume', '@second/a.safetensors', '--more', '2', '--json');
  expect(resumed).toMatchObject({ status: 0, error: '' });
});

test('a folder with checkpoint and text can be moved; without the text, the error asks for it', async () => {
  await mkdir(file('before/texts'), { recursive: true });
  await mkdir(file('before/runs'));
  await copyFile(file('text.txt'), file('before/texts/a.txt'));
  const out = ['--out', '@before/runs/a.safetensors'];
  expect(await train('--corpus', '@before/texts/a.txt', ...out)).toMatchObject({ status: 0 });
  await rename(file('before'), file('after'));
  const more = (path: string): Promise<Outcome> => on('resume', path, '--more', '2', '--json');
  expect(await more('@after/runs/a.safetensors')).toMatchObject({ status: 0 });
  // The checkpoint alone goes elsewhere: the text is still where it was, or comes along.
  await mkdir(file('alone'));
  await copyFile(file('after/runs/a.safetensors'), file('alone/a.safetensors'));
  expect(await more('@alone/a.safetensors')).toMatchObject({ status: 0 });
  await rename(file('after/texts/a.txt'), file('alone/a.txt'));
  expect(await more('@alone/a.safetensors')).toMatchObject({ status: 0 });
  await rename(file('alone/a.txt'), file('alone/b.txt'));
  await expectRefusal(
    more('@alone/a.safetensors'),
    2,
    /was trained on "a\.txt", but there is no file ".*\/alone\/a\.txt": name the text with --corpus FILE/,
  );
});
