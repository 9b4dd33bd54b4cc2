import { describe, expect, test, vi } from 'vitest';
import {
  convertDigits,
  convertMails,
  convertNames,
  convertPhonemes,
  convertText,
  convertWrittenDigits,
  type ConvertedFile,
} from '../../../src/data/node/convert-datasets.js';
import type * as datasetsFile from '../../../src/data/node/datasets.js';
import { TASK_PRESETS } from '../../../src/graph.js';
import { temporaryFolder } from '../support.js';
import { objects, runner } from './support.js';

// The files that `data get` writes, of a few raw records each: see SMALL_DATA.
vi.mock('../../../src/data/node/datasets.js', async (original) => {
  const actual = await original<typeof datasetsFile>();
  return {
    ...actual,
    getDatasetFiles: async (name: string, { folder = file('cache') }: { folder?: string } = {}) =>
      actual.keepFiles(await SMALL_DATA[name](), folder, true),
  };
});

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (count: number, line: (i: number) => string): Uint8Array =>
  bytes(Array.from({ length: count }, (_, i) => `${line(i)}\n`).join(''));
const letter = (i: number): string => String.fromCharCode(65 + (i % 26));

/** Two digits of each class: one bright row each. */
const digits = Array.from({ length: 10 }, (_, label) =>
  bytes(
    JSON.stringify({
      data: Array.from({ length: 2 * 784 }, (_, i) =>
        Math.floor((i % 784) / 28) === 2 * label ? 0.25 * (1 + (i % 4)) : 0,
      ),
    }),
  ),
);

const SMALL_DATA: Readonly<Record<string, () => Promise<ConvertedFile[]>>> = {
  phonemes: () => convertPhonemes([lines(20, (i) => `${letter(i)}B${letter(i + 3)}  AH${i % 3} B IY1`)]),
  names: () => convertNames([lines(12, (i) => `Ada${letter(i)}`), lines(12, (i) => `Émile-${letter(i)}`)]),
  digits: () => convertDigits(digits),
  'written-digits': () => convertWrittenDigits(digits),
  spam: () =>
    convertMails(
      Array.from({ length: 24 }, (_, i) => ({
        text: i % 2 === 0 ? `Buy "now", ${i}, buy now` : `See you at ${i}, Ada`,
        label: i % 2 === 0 ? 'spam' : 'ham',
      })),
    ),
  'moby-dick': () => convertText('moby-dick.txt')([lines(40, (i) => `Call me ${letter(i)}.`)]),
};

const downloaded = TASK_PRESETS.flatMap(({ name, task, data }) =>
  'get' in data ? [{ name, task, get: data.get }] : [],
);

describe('presets with downloaded data', () => {
  test('exist for words, mails, names and digits', () => {
    expect(downloaded.map(({ name, get }) => `${name}: ${get}`)).toEqual([
      'phonemes: phonemes',
      'spam: spam',
      'digits-rows: digits',
      'digits-pixels: digits',
      'names-first: names',
      'names-every: names',
      'written-digits: written-digits',
    ]);
  });

  const options = '--hidden 4 --batch 8 --backend cpu --json';
  test.each(downloaded)(
    '$name trains on the training part, and is scored and predicts on the other',
    async ({ name, task, get }) => {
      const { status, out, error } = await run(
        `train --preset ${name} --steps 2 ${options} --out @${name}.safetensors`,
      );
      expect({ status, error: error.replace(/^unrolled: warning: .*\n/gm, '') }).toEqual({
        status: 0,
        error: '',
      });
      const events = objects(out);
      const [start] = events;
      expect(start).toMatchObject({ task, steps: 2 });
      for (const each of start.data as string[]) expect(each).toContain(`${get}.train`);
      expect(events.at(-1)).toMatchObject({ event: 'done', step: 2 });

      const paths = (await run(`data get ${get}`)).out.trim().split('\n');
      const test = (end: string): string =>
        paths.find((path) => path.includes('test') && path.endsWith(end)) ?? end;
      const files = {
        translate: `--pairs ${test('.tsv')}`,
        caption: `--features ${test('.safetensors')} --captions ${test('.tsv')}`,
        classify:
          get === 'digits' ? `--idx ${test('images.idx')},${test('labels.idx')}` : `--data ${test('.csv')}`,
      }[task as 'translate' | 'caption' | 'classify'];
      const scored = await run(`eval --checkpoint @${name}.safetensors ${files} --backend cpu --json`);
      expect(scored.error).toBe('');
      const [{ records }] = objects(scored.out);
      expect(records).toBeGreaterThan(0);
      const predicted = await run(
        `predict --checkpoint @${name}.safetensors ${files.replace(/ --captions .*/, '')} --backend cpu --json`,
      );
      expect(predicted.error).toBe('');
      expect(objects(predicted.out)).toHaveLength(Number(records));
    },
  );

  test('the novel is read as a text', async () => {
    const path = (await run('data get moby-dick')).out.trim();
    const { status, out } = await run(
      `train --corpus ${path} --steps 2 --time 5 --batch 2 ${options.replace('--batch 8 ', '')}`,
    );
    expect(status).toBe(0);
    expect(objects(out)[0]).toMatchObject({ text: path, steps: 2 });
  });
});
