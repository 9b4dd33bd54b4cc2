import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/index.js';
import { run } from '../build/run.js';
import { buildOnce, CLI, command, eventsOf, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();

beforeAll(async () => {
  await buildOnce();
  await writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog. '.repeat(20));
  await writeFile(file('empty.txt'), '');
  await writeFile(file('one.txt'), 'a');
  await writeFile(file('short.txt'), 'hello world');
  await writeFile(file('binary'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0, 0, 0, 0, 3, 4, 5, 6]));
  await writeFile(
    file('invalid.txt'),
    Buffer.concat([Buffer.from('some text with \xff\xfe bytes '.repeat(10), 'latin1')]),
  );
  await mkdir(file('folder'));
  expect(
    await command([
      'train',
      '--corpus',
      file('text.txt'),
      '--steps',
      '5',
      '--out',
      file('good.safetensors'),
      ...TINY,
    ]),
  ).toMatchObject({ status: 0 });
  const good = await readFile(file('good.safetensors'));
  await writeFile(file('truncated.safetensors'), good.subarray(0, good.length - 100));
  await writeFile(file('header.safetensors'), good.subarray(0, 50));
  await writeFile(file('empty.safetensors'), '');
  const { tensors, metadata } = readSafetensors(good);
  await writeFile(file('foreign.safetensors'), writeSafetensors(tensors));
  await writeFile(
    file('shape.safetensors'),
    writeSafetensors({ ...tensors, 'head.weight': { shape: [2, 2], data: new Float32Array(4) } }, metadata),
  );
  const { shape, data } = tensors['head.bias'];
  const nan = { ...tensors, 'head.bias': { shape, data: Float32Array.from(data, () => NaN) } };
  await writeFile(file('nan.safetensors'), writeSafetensors(nan, metadata));
  const weights = Object.fromEntries(Object.entries(nan).filter(([name]) => /^(rnn|head)\./.test(name)));
  await writeFile(file('nan-weights.safetensors'), writeSafetensors(weights));
  await writeFile(
    file('damaged.safetensors'),
    writeSafetensors(tensors, { ...metadata, unrolled: '{"model":' }),
  );
  await writeFile(
    file('floats.safetensors'),
    writeSafetensors({ ids: { shape: [4], data: new Float32Array(4) } }),
  );
  await writeFile(
    file('streams.safetensors'),
    writeSafetensors({ ids: { shape: [100, 3], data: new Int32Array(300).map((_, i) => i % 5) } }),
  );
});

/** Runs the command on files of the folder: `@name` is one. */
const on = (args: readonly string[]): ReturnType<typeof command> =>
  command(args.map((arg) => (arg.startsWith('@') ? file(arg.slice(1)) : arg)));

describe('an unusable text ends with status 1 and one line', () => {
  test.each([
    ['no such file', ['--corpus', '@none.txt'], /Cannot open ".*none\.txt": there is no such file/],
    ['a folder', ['--corpus', '@folder'], /is a folder/],
    ['an empty file', ['--corpus', '@empty.txt'], /empty/],
    ['a single character', ['--corpus', '@one.txt'], /at least two|single|1 character/],
    [
      'a text shorter than a window',
      ['--corpus', '@short.txt'],
      /11 characters are too few: batch 1 × time 25 needs at least 25 \+ 1 = 26/,
    ],
    [
      'a batch larger than the text',
      ['--corpus', '@text.txt', '--batch', '500'],
      /too few: batch 500 × time 25/,
    ],
    ['a binary file', ['--corpus', '@binary'], /binary/],
    [
      'ids that are no ids',
      ['--ids', '@floats.safetensors'],
      /"ids" must be int32 \[S\] or \[S,N\], but it is F32 \[4\]/,
    ],
    ['a file without ids', ['--ids', '@good.safetensors'], /must contain a tensor "ids"/],
    [
      'a folder for checkpoints that is not there',
      ['--corpus', '@text.txt', '--out', '@nowhere/a.safetensors'],
      /Cannot write .*: there is no such folder/,
    ],
    [
      'weights of another shape',
      ['--corpus', '@text.txt', '--hidden', '9', '--init-from', '@good.safetensors'],
      /does not fit the model: rnn\.weight_ih_l0 must be \[H,C\] = \[9,/,
    ],
    [
      'weights that are not finite',
      ['--corpus', '@text.txt', '--init-from', '@nan-weights.safetensors'],
      /head\.bias \[0\] of the state_dict is NaN, which is no finite number/,
    ],
    [
      'a file without weights',
      ['--corpus', '@text.txt', '--init-from', '@floats.safetensors'],
      /has no weights of a character model/,
    ],
  ])('%s', async (_, args, message) => {
    const { status, out, error } = await on(['train', '--steps', '2', '--backend', 'cpu', ...args]);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toMatch(message);
    expect(error).toMatch(/^unrolled: [^\n]+\n$/);
  });

  test('a batch must have one row for each stream', async () => {
    const { status, error } = await on([
      'train',
      '--steps',
      '2',
      '--backend',
      'cpu',
      '--ids',
      '@streams.safetensors',
      '--batch',
      '2',
    ]);
    expect(status).toBe(2);
    expect(error).toBe('unrolled: batch: expected 3, one row for each stream of ids, got 2.\n');
  });

  test('invalid UTF-8 is replaced and counted in a warning', async () => {
    const { status, out } = await on(['train', '--corpus', '@invalid.txt', '--steps', '2', ...TINY]);
    expect(status).toBe(0);
    expect(eventsOf(out, 'warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/20 invalid UTF-8 sequences were replaced by U\+FFFD/),
    ]);
  });
});

describe('an unusable checkpoint ends with status 1 and one line', () => {
  const files: [string, string, RegExp][] = [
    ['that is not there', '@none.safetensors', /there is no such file/],
    ['that is empty', '@empty.safetensors', /no safetensors file/],
    ['cut off in its tensors', '@truncated.safetensors', /truncated|bytes/],
    ['cut off in its header', '@header.safetensors', /truncated/],
    [
      'of another program',
      '@foreign.safetensors',
      /not a checkpoint of a training run: .* of another program\. Use train --init-from to load/,
    ],
    [
      'with a tensor of another shape',
      '@shape.safetensors',
      /head\.weight must be \[V,H\] = \[\d+,8\], is \[2,2\]/,
    ],
    ['with a damaged description', '@damaged.safetensors', /incomplete or damaged/],
    ['that is a text', '@text.txt', /no safetensors file/],
    ['with a weight that is not finite', '@nan.safetensors', /head\.bias \[0\] of the checkpoint is NaN/],
  ];
  test.each(files)('%s', async (_, name, message) => {
    for (const args of [
      ['resume', name],
      ['sample', '--checkpoint', name],
      ['eval', '--checkpoint', name],
    ]) {
      const { status, out, error } = await on([...args, '--backend', 'cpu']);
      expect({ args, status, out }).toEqual({ args, status: 1, out: '' });
      expect(error).toMatch(message);
      expect(error).toMatch(/^unrolled: [^\n]+\n$/);
    }
  });
});

test.each(['cpu', 'webgpu'])(
  'a model that is too large for the device is refused with the limit and its size: %s',
  async (backend) => {
    const { status, out, error } = await on([
      'train',
      '--hidden',
      '100000',
      '--steps',
      '1',
      '--backend',
      backend,
    ]);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toMatch(
      /^unrolled: 10,0\d\d,\d+,\d+ parameters are too many: they need 37\.3 GiB in one tensor, but this device allows [\d.]+ [GM]iB\. Choose a smaller --hidden or fewer --layers/,
    );
  },
);

test('unknown characters of a prime cause a warning', async () => {
  const { status, out, error } = await on([
    'sample',
    '--checkpoint',
    '@good.safetensors',
    '--prime',
    'the 日本',
    '--length',
    '5',
    '--backend',
    'cpu',
  ]);
  expect(status).toBe(0);
  expect(error).toMatch(/^unrolled: warning: 2 of the prime's characters .*日 本/);
  expect(out).toMatch(/^the 日本.{5}\n$/su);
});

test('a checkpoint that cannot be written leaves the old one unchanged, and the run fails with one line', async () => {
  const path = file('kept.safetensors');
  const train = (hidden: number): string =>
    `'${process.execPath}' '${CLI}' train --corpus '${file('text.txt')}' --hidden ${hidden} --steps 3 ` +
    `--sample-every 0 --backend cpu --out '${path}' --overwrite`;
  expect((await run('bash', ['-c', train(4)])).code).toBe(0);
  const before = await readFile(path);
  // A limit of 64 KiB for the size of a file has the effect of a full disk: a write in
  // the middle of the file fails.
  const { code, stderr } = await run('bash', ['-c', `ulimit -f 64; ${train(100)}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unrolled: Cannot write ".*kept\.safetensors": [^\n]+\n$/);
  expect((await readFile(path)).equals(before)).toBe(true);
});

test('a table that no longer fits on the disk ends the run with one line, and has only whole rows', async () => {
  const path = file('full.csv');
  const train =
    `'${process.execPath}' '${CLI}' train --corpus '${file('text.txt')}' --hidden 4 --time 2 --steps 900 ` +
    `--log-every 1 --sample-every 0 --backend cpu --threads 1 --csv '${path}'`;
  const { code, stderr } = await run('bash', ['-c', `ulimit -f 64; ${train}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unrolled: Cannot write ".*full\.csv": [^\n]+\n$/);
  const [header, ...rows] = (await readFile(path, 'utf8')).split('\n');
  expect(rows.pop()).toBe('');
  expect(rows.length).toBeGreaterThan(100);
  const columns = (row: string): number => row.split(',').length;
  for (const row of rows) expect(columns(row)).toBe(columns(header));
});
