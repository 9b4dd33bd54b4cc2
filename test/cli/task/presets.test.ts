import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support.js';
import { objects, runner } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const tiny = '--hidden 4 --steps 1 --batch 8 --backend cpu --json';

describe('presets of tasks', () => {
  // The sizes of batches and the measures follow from the options of the preset.
  test.each([
    ['--preset reversing', 'translate'],
    ['--task sorting', 'translate'],
    ['--preset morse', 'translate'],
    ['--preset negation', 'classify'],
    ['--preset dyck', 'tag'],
    ['--preset copy-memory', 'tag'],
    ['--preset moving-shapes', 'tag'],
    ['--preset adding-100', 'regress'],
    ['--preset scenes-first', 'caption'],
    ['--preset scenes-attention', 'caption'],
  ])('%s makes its records up and learns them', async (words, task) => {
    const { status, out, error } = await run(`train ${words} --rows 24 ${tiny}`);
    expect({ status, error: error.replace(/^unrolled: warning: .*training records\.\n$/, '') }).toEqual({
      status: 0,
      error: '',
    });
    expect(objects(out)[0]).toMatchObject({ task, records: 24, data: [expect.stringMatching(/, made up$/)] });
  });

  test('frames are read by a pyramid, from a file too, and written as letters', async () => {
    await run('data make morse --rows 12 --seed 2 --out @morse.jsonl');
    const learn =
      'train --task translate --pairs @morse.jsonl --step-size 8 --layers 2 --bidirectional --pyramidal';
    const { out, error } = await run(`${learn} --attention general --out @morse.safetensors ${tiny}`);
    expect(error).toBe('');
    expect(objects(out)[0]).toMatchObject({ task: 'translate', layers: 2, directions: 2, records: 12 });
    const heat = 'predict --checkpoint @morse.safetensors --data @morse.jsonl --json --attention @heat.json';
    expect(objects((await run(heat)).out)).toHaveLength(12);
    const [{ source, weights }] = JSON.parse(await readFile(file('heat.json'), 'utf8')) as {
      readonly source: readonly string[];
      readonly weights: readonly (readonly number[])[];
    }[];
    // Each step of the second layer reads two frames.
    const [first] = (await readFile(file('morse.jsonl'), 'utf8')).split('\n');
    const frames = (JSON.parse(first) as { readonly source: readonly number[] }).source.length / 8;
    expect(source).toHaveLength(Math.ceil(frames / 2));
    expect(weights[0]).toHaveLength(source.length);
    const lines = await run('predict --checkpoint @morse.safetensors');
    expect(lines).toMatchObject({ status: 2, out: '' });
    const texts = await run(`train --task translate --pairs @p.tsv --step-size 8 ${tiny}`);
    expect(texts.error).toContain('p.tsv');
  });

  test('--rows is the length of a generated series', async () => {
    const { out } = await run(`train --preset sensors --rows 90 ${tiny}`);
    expect(objects(out)[0]).toMatchObject({ task: 'regress', records: 90, sizes: [{ T: 48 }] });
  });

  test('options override the preset, files replace its records, and a resumed run generates the same records', async () => {
    const words = `train --preset reversing --cell lstm --validation 0.25 --seed 3 --rows 40 ${tiny} --batch 10`;
    const { out } = await run(
      `${words.replace('--steps 1', '--steps 4')} --log-every 1 --out @whole.safetensors`,
    );
    expect(objects(out)[0]).toMatchObject({ cell: 'lstm', batch: 10, seed: 3, validationRecords: 10 });
    await run(`${words} --log-every 1 --out @half.safetensors`);
    const rest = await run('resume @half.safetensors --steps 4 --json');
    const losses = (text: string): unknown[] =>
      objects(text).flatMap(({ event, loss }) => (event === 'step' ? [loss] : []));
    expect(losses(rest.out)).toEqual(losses(out).slice(1));
    const scored = await run('eval --checkpoint @half.safetensors --backend cpu --json');
    expect(JSON.parse(scored.out)).toMatchObject({ task: 'translate', records: 10 });
  });

  test('--steps can exceed the epochs of the preset', async () => {
    // One batch is an epoch, and the recipe has ten.
    const words = 'train --preset reversing --rows 8 --batch 8 --hidden 4 --steps 12 --backend cpu --json';
    const events = objects((await run(words)).out);
    expect(events[0]).toMatchObject({ steps: 12, stepsPerEpoch: 1 });
    expect(events.at(-1)).toMatchObject({ event: 'done', step: 12 });
    const epochs = objects((await run(words.replace('--steps 12', '--epochs 3'))).out);
    expect(epochs[0]).toMatchObject({ steps: 3 });
  });

  test('--rows is refused without a preset that generates records', async () => {
    const { status, error } = await run('train --task translate --pairs @p.tsv --rows 5');
    expect({ status, error }).toEqual({
      status: 2,
      error: 'unrolled: --rows applies only to presets that generate their records: leave it out.\n',
    });
  });

  test('a preset of another task is refused, and so is an unknown one', async () => {
    const other = await run('train --preset dates --task classify');
    expect(other).toMatchObject({ status: 2, out: '' });
    expect(other.error).toBe(
      'unrolled: --preset dates is for --task translate, not for --task classify: leave one of them out.\n',
    );
    const unknown = await run('train --preset digit-pixels');
    expect(unknown.status).toBe(2);
    expect(unknown.error).toMatch(/Allowed choices are min-char-rnn, .*, dates, .*, digits-pixels, /);
  });
});
