import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support.js';
import {
  objects,
  reviews,
  runner,
  sensors,
  SMALL,
  writeDigits,
  writePictures,
  writeScenes,
} from './support.js';

// Predictions need no targets: a file without them gives the same predictions as the whole file.

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(8));
  await writeFile(file('reviews.texts.csv'), reviews(8).replace(/,(label|positive|negative)$/gm, ''));
  await writeFile(file('reviews.jsonl'), '{"text":"good","label":"a"}\n{"text":"bad one","label":"b"}\n');
  await writeFile(file('reviews.texts.jsonl'), '{"text":"good"}\n{"text":"bad one"}\n');
  await writeFile(file('ner.conll'), 'Anna B\nlives O\n\nBob B\n');
  await writeFile(file('ner.texts.conll'), 'Anna\nlives\n\nBob\n');
  await writeFile(file('ner.conllu'), '1\tAnna\t_\tN\n2\tlives\t_\tV\n\n1\tBob\t_\tN\n');
  await writeFile(file('ner.texts.conllu'), '1\tAnna\n2\tlives\n\n1\tBob\n');
  await writeFile(file('tags.jsonl'), '{"tokens":["a","b"],"tags":["X","Y"]}\n');
  await writeFile(file('tags.texts.jsonl'), '{"tokens":["a","b"]}\n');
  await writeFile(file('pairs.tsv'), 'ab\tba\nb\tb\n');
  await writeFile(file('pairs.texts.tsv'), 'ab\nb\n');
  await writeFile(file('pairs.csv'), 'source,target\nab,ba\nb,b\n');
  await writeFile(file('pairs.texts.csv'), 'source\nab\nb\n');
  await writeFile(file('sensors.csv'), sensors(20));
  await writeFile(file('sensors.texts.csv'), sensors(20).replace(/^([^,]*,[^,]*),.*$/gm, '$1'));
  await writeDigits(file('images.idx'), file('labels.idx'), 4);
  await writePictures(file('pictures'), file('pictures.csv'), 4);
  const table = await readFile(file('pictures.csv'), 'utf8');
  await writeFile(file('pictures.texts.csv'), table.replace(/,.*$/gm, ''));
  await writeScenes(file('grid.safetensors'), file('captions.tsv'), 4);
  await mkdir(file('out'));
});

test.each([
  ['a table', 'classify --data @reviews.csv', '--data @reviews.csv', '--data @reviews.texts.csv'],
  ['JSON Lines', 'classify --data @reviews.jsonl', '--data @reviews.jsonl', '--data @reviews.texts.jsonl'],
  ['images', 'classify --idx @images.idx,@labels.idx', '--idx @images.idx,@labels.idx', '--idx @images.idx'],
  [
    'PNG files',
    'classify --images @pictures --data @pictures.csv --as rows',
    '--images @pictures --data @pictures.csv',
    '--images @pictures --data @pictures.texts.csv',
  ],
  ['CoNLL', 'tag --data @ner.conll', '--data @ner.conll', '--data @ner.texts.conll'],
  ['CoNLL-U', 'tag --data @ner.conllu', '--data @ner.conllu', '--data @ner.texts.conllu --columns 1'],
  ['lists of tokens', 'tag --data @tags.jsonl', '--data @tags.jsonl', '--data @tags.texts.jsonl'],
  ['lines of pairs', 'translate --pairs @pairs.tsv', '--pairs @pairs.tsv', '--pairs @pairs.texts.tsv'],
  ['a table of pairs', 'translate --pairs @pairs.csv', '--data @pairs.csv', '--data @pairs.texts.csv'],
  [
    'a series',
    'regress --data @sensors.csv --inputs temperature --target late --window 4',
    '--data @sensors.csv',
    '--data @sensors.texts.csv',
  ],
  [
    'features',
    'caption --features @grid.safetensors --captions @captions.tsv',
    '--features @grid.safetensors --captions @captions.tsv',
    '--features @grid.safetensors',
  ],
])('%s without answers', async (title, task, whole, bare) => {
  const checkpoint = `@out/${title.replace(/ /g, '-')}.safetensors`;
  const trained = await run(`train --task ${task} ${SMALL.join(' ')} --steps 1 --json --out ${checkpoint}`);
  expect(trained).toMatchObject({ status: 0 });
  const predicted = async (files: string): Promise<object[]> => {
    const { error, out } = await run(`predict --checkpoint ${checkpoint} ${files} --backend cpu --json`);
    expect(error).toBe('');
    return objects(out);
  };
  const found = await predicted(bare);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(await predicted(whole));
});
