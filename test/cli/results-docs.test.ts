import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { records } from '../../src/index.js';
import { recordsToTensors } from '../../src/graph.js';
import { command, temporaryFolder } from './support.js';
import { reviews, writeDigits } from './task/support.js';

const file = temporaryFolder();

/** The commands of docs/results.md, without `npx unrolled`. */
async function documented(): Promise<string[]> {
  const page = await readFile(new URL('../../docs/results.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^ {4}npx unrolled (.*)$/gm)].map(([, words]) => words);
}

/** What `data get` would fetch, in small. */
beforeAll(async () => {
  for (const part of ['train', 'test']) {
    const names = ['Ada', 'Bo', 'Cy', 'Dan', 'Eve', 'Abe'];
    const rows = names.map((_, i) => ({ features: Float32Array.of(i % 2, 1 - (i % 2)) }));
    const tensors = recordsToTensors(records.of(rows), { features: 2 });
    for (const name of ['names', 'written-digits']) {
      await writeFile(file(`${name}.${part}.safetensors`), tensors);
      await writeFile(file(`${name}.${part}.tsv`), `${names.join('\n')}\n`);
    }
    await writeFile(file(`spam.${part}.csv`), reviews(12));
    const words = 'ab\tA B\nba\tB A\nbb\tB B\naa\tA A\n';
    await writeFile(file(`phonemes.${part === 'test' ? '1000' : part}.tsv`), words);
    await writeDigits(file(`digits.${part}-images.idx`), file(`digits.${part}-labels.idx`), 20);
  }
});

/** The same command on a few records, for two steps. */
function shortened(words: string): string[] {
  const args = words
    .split(' ')
    .map((word) => (/\.(tsv|csv|idx|jsonl?|safetensors)\b/.test(word) ? inFolder(word) : word));
  const set = (option: string, value: string): void => {
    const at = args.indexOf(option);
    if (at >= 0) args[at + 1] = value;
  };
  set('--rows', '60');
  set('--held-out', '20');
  set('--more', '1');
  if (words.startsWith('train')) args.push('--steps', '2', '--hidden', '4', '--overwrite');
  if (/^(eval|predict) /.test(words)) args.push('--backend', 'cpu', '--threads', '1');
  return args;
}

function inFolder(word: string): string {
  return word
    .split(',')
    .map((name) => file(name))
    .join(',');
}

test('every command of the page runs, one after another', async () => {
  const commands = (await documented()).filter((words) => !words.startsWith('data get'));
  expect(commands.length).toBeGreaterThan(20);
  for (const words of commands) {
    const { status, error } = await command(shortened(words));
    expect({ words, status, error }).toEqual({ words, status: 0, error: '' });
  }
});
