import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from './support.js';
import { reviews, runner, writeDigits } from './task/support.js';

const file = temporaryFolder();
const on = runner((name) => file(name) + (name === '' ? '/' : ''));
const SMALL = '--hidden 4 --batch 2 --steps 1 --backend cpu';

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(12));
  await writeFile(file('reviews.jsonl'), '{"text":"good","label":"a"}\n{"text":"bad","label":"b"}\n');
  await writeFile(file('pairs.tsv'), 'a b\tb a\nc\tc\nd e\te d\nf\tf\n');
  await writeDigits(file('images.idx'), file('labels.idx'), 6);
  for (const words of [
    `--limit 500 --sample-every 0 --out @text.safetensors ${SMALL}`,
    `--task copy-memory --out @copy.safetensors ${SMALL}`,
    `--task classify --data @reviews.csv --validation 0.3 --out @reviews.safetensors ${SMALL}`,
    `--task translate --pairs @pairs.tsv --out @pairs.safetensors ${SMALL}`,
  ])
    expect(await on(`train ${words}`)).toMatchObject({ status: 0, error: '' });
});

/** A command line, and options that it has no use for. */
const USELESS: Readonly<Record<string, readonly string[]>> = {
  'train --limit 500': ['--pyramidal', '--no-header', '--tensor x'],
  'train --limit 500 --sample-every 0': ['--prime a', '--sample-length 3', '--temperature 2'],
  'train --init-from @text.safetensors': [
    '--init glorot',
    '--init-std 1',
    '--forget-bias 1',
    '--min-count 2',
  ],
  'train --backend webgpu': ['--threads 2', '--no-relaxed'],
  'train --backend chrome': ['--threads 2', '--no-relaxed'],
  'train --backend reference': ['--threads 2', '--no-relaxed', '--tune cached'],
  'train --backend cpu': ['--tune force'],
  'train --task copy-memory': ['--pyramidal', '--prime a', '--time 3', '--validation 0.1', '--columns a'],
  'train --task classify --data @reviews.csv': ['--columns text,label', '--tensor x', '--sample-every 3'],
  'train --task classify --data @reviews.jsonl': ['--columns text', '--no-header', '--separator ;'],
  'train --task classify --idx @images.idx,@labels.idx': [
    ...['--format csv', '--columns a,b', '--no-header', '--separator ;'],
    ...['--tokens words', '--lowercase', '--min-count 2', '--embedding 3'],
  ],
  'train --task translate --pairs @pairs.tsv': ['--no-header', '--separator ;', '--data @pairs.tsv'],
  'train --task translate --pairs @pairs.tsv --source-tokens words --target-tokens words': ['--tokens words'],
  'train --preset dates --rows 20': ['--format csv', '--columns a,b', '--no-header', '--separator ;'],
  plan: ['--backend cpu', '--threads 2', '--no-relaxed', '--tune force', '--map a=b', '--rate-floor 0.1'],
  'plan --vocabulary 9': [
    '--corpus @x',
    '--text english',
    '--limit 9',
    '--min-count 2',
    '--task copy-memory',
  ],
  'plan --init-from @text.safetensors': ['--vocabulary 9', '--init glorot', '--forget-bias 1'],
  'plan --task classify --data @reviews.csv': ['--vocabulary 9', '--rate-floor 0.1'],
  'resume @text.safetensors --more 1': ['--steps 9', '--epochs 1', '--columns a', '--delay 3'],
  'resume @text.safetensors --more 1 --sample-every 0': ['--prime a', '--sample-length 3'],
  'resume @reviews.safetensors --more 1': ['--format csv', '--separator ;', '--tensor x', '--prime a'],
  'eval --checkpoint @text.safetensors': ['--beam 2', '--min-count 2', '--columns a'],
  'eval --checkpoint @reviews.safetensors': ['--beam 2', '--format csv', '--separator ;', '--limit 9'],
  'predict --checkpoint @reviews.safetensors': ['--columns a', '--beam 2', '--attention @a.json'],
  'predict --checkpoint @pairs.safetensors': ['--no-header', '--tensor x', '--attention @a.json'],
  'sample --checkpoint @text.safetensors --greedy': ['--temperature 1', '--top-k 3'],
  verify: ['--threads 2', '--no-relaxed'],
  'verify --case @x': ['--only a', '--thorough'],
  'bench --backend cpu': ['--no-cpu'],
  'bench --no-cpu': ['--threads 2', '--no-relaxed'],
  devices: ['--only a'],
  'data look @images.idx,@labels.idx --format idx': ['--columns a', '--separator ;', '--no-header'],
};

describe('an unused option is refused, and the error names it', () => {
  const cases = Object.entries(USELESS).flatMap(([line, options]) =>
    options.map((option) => [line, option] as const),
  );
  test.each(cases)('%s %s', async (line, option) => {
    const { status, out, error } = await on(`${line} ${option}`);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(/^unrolled: .+\n$/);
    expect(error).toContain(option.split(' ')[0]);
  });
});

describe('plan takes the weights of --init-from for its model, as train does', () => {
  test('of a checkpoint, with its cell, units and symbols', async () => {
    const { status, out } = await on('plan --init-from @text.safetensors --limit 300 --json');
    expect(status).toBe(0);
    const started = await on(
      `train --init-from @text.safetensors --limit 300 --json --steps 1 --backend cpu`,
    );
    const { parameters } = JSON.parse(started.out.split('\n')[0]) as { readonly parameters: number };
    expect(JSON.parse(out)).toMatchObject({ event: 'plan', parameters });
  });

  test.each([
    ['plan --init-from @text.safetensors --hidden 9', 'rnn.weight_hh_l0 must be [H,H] = [9,9], is [4,4]'],
    ['plan --init-from @text.safetensors --cell lstm', 'the weights of --init-from are of the cell rnn'],
    ['plan --init-from @none.safetensors', 'none.safetensors'],
  ])('%s', async (line, message) => {
    const { status, out, error } = await on(line);
    expect(status).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(error).toMatch(/^unrolled: .+\n$/);
    expect(error).toContain(message);
  });
});

describe('a wrong value ends with one line that says what was expected', () => {
  beforeAll(async () => {
    await writeFile(file('one-label.csv'), 'text,label\ngood,a\nbad,a\n');
    await writeFile(file('object.json'), '{}');
  });

  test.each([
    ['plan --vocabulary 9 --batch 999999999', 2, 'batch: expected at most'],
    ['plan --vocabulary 9 --batch 999999999 --measure --backend cpu', 2, '--measure needs'],
    ['plan --vocabulary 9 --time 999999999', 2, 'whole number from 1 to 100000'],
    ['train --task copy-memory --delay 999999999', 2, 'whole number from 1 to 100000'],
    ['train --preset dates --rows 999999999', 2, 'whole number from 2 to 10000000'],
    ['data make dates --rows 999999999 --out @dates.tsv', 2, 'whole number from 1 to 10000000'],
    [
      'train --init-from @reviews.safetensors',
      2,
      'is a checkpoint of a classifier; a model of text needs the checkpoint of a model of text',
    ],
    [
      'train --task classify --data @one-label.csv',
      1,
      'has the label "a": a model needs at least two labels',
    ],
    ['train --task classify --data @reviews.csv --tokens @object.json', 1, 'an object with "model", got {}'],
    ['train --task classify --idx @images.idx,', 2, 'expected two IDX files, IMAGES,LABELS'],
  ])('%s', async (line, status, message) => {
    const outcome = await on(line);
    expect(outcome).toMatchObject({ status, out: '' });
    expect(outcome.error).toMatch(/^unrolled: .+\n$/);
    expect(outcome.error).toContain(message);
  });
});
