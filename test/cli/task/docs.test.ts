import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { command, temporaryFolder } from '../support.js';
import { reviews, sensors, writeDigits, writePictures, writeScenes } from './support.js';

const file = temporaryFolder();

/** The commands of the section "Tasks of records" of docs/command.md, without `npx unrolled`. */
async function documented(): Promise<string[]> {
  const page = await readFile(new URL('../../../docs/command.md', import.meta.url), 'utf8');
  const [, section] = /\n## Tasks of records\n(.*?)\n## /s.exec(page) ?? [];
  return [...section.matchAll(/^ {4}npx unrolled (.*)$/gm)].map(([, words]) => words);
}

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(24));
  await writeFile(file('test.csv'), reviews(8));
  await writeFile(file('more.csv'), reviews(8));
  await writeFile(file('ner.conll'), 'Anna B\nlives O\n\nBob B\nin O\n\n'.repeat(10));
  await writeFile(file('pairs.tsv'), 'ab\tba\nb\tb\nabb\tbba\naab\tbaa\n'.repeat(3));
  await writeFile(file('sensors.csv'), sensors(700));
  await writeDigits(file('images.idx'), file('labels.idx'), 20);
  await writePictures(file('pictures'), file('labels.csv'), 20);
  await writeScenes(file('grid.safetensors'), file('captions.tsv'), 20);
});

test('every command of the page runs, on files of the names that it gives', async () => {
  const commands = await documented();
  expect(commands).toHaveLength(10);
  for (const words of commands) {
    const [typed, input] = words.split(' < ');
    const args = typed
      .split(' ')
      .map((word) => (/\.(csv|tsv|idx|conll|safetensors)\b|^pictures$/.test(word) ? inFolder(word) : word));
    const short = typed.startsWith('train') ? ['--steps', '2', '--hidden', '4'] : [];
    const { status, error } = await command([...args, '--backend', 'cpu', ...short], {
      input: input === undefined ? '' : 'ab\nb\n',
    });
    expect({ words, status, error }).toEqual({ words, status: 0, error: '' });
  }
});

function inFolder(word: string): string {
  return word
    .split(',')
    .map((name) => file(name))
    .join(',');
}
