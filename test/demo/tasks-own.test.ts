import { expect, test } from 'vitest';
import {
  describeColumns,
  guessFormat,
  guessSeparator,
  guessTask,
  hasHeader,
} from '../../demo/src/tasks/own/guess.js';
import { sentenceOf } from '../../demo/src/host/answers.js';
import { ownEntry } from '../../demo/src/tasks/own/own-entry.js';
import { lookAt, readOwn } from '../../demo/src/tasks/own/read.js';
import { recordsOfRows } from '../../demo/src/tasks/own/rows.js';

/** A file as a page has it. */
function blob(text: string): Blob {
  return new Blob([text]);
}

/** So many lines, each made of its number. */
function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
}

const REVIEWS = lines(
  40,
  (i) => `a ${i % 2 === 0 ? 'good' : 'bad'} film number ${i}\t${i % 2 === 0 ? 'up' : 'down'}`,
);
const PAIRS = lines(40, (i) => `le mot numéro ${i}\tword number ${i} of them`);
const TAGGED = lines(40, (i) =>
  JSON.stringify({ tokens: ['the', `thing${i}`, 'is'], tags: ['D', 'N', 'V'] }),
);
const SERIES = `time,warmth,damp\n${lines(60, (i) => `day ${i},${(20 + Math.sin(i)).toFixed(2)},${i % 7}`)}`;

test.each([
  ['table.csv', 'a;b', 'csv'],
  ['table.TSV', '', 'tsv'],
  ['records.ndjson', '', 'jsonl'],
  ['pasted', '\n{"a": 1}\n', 'jsonl'],
  ['pasted', 'one\ttwo\n', 'tsv'],
  ['notes.txt', 'one,two\n', 'csv'],
])('the format of %s that begins with %j is %s', (name, beginning, format) => {
  expect(guessFormat(name, beginning)).toBe(format);
});

test('separators are what stands in every line, and headers are names', () => {
  expect(guessSeparator('a;b, c;d\n1;2;3\n')).toBe(';');
  expect(guessSeparator('a,b\nc,d\n')).toBe(',');
  expect(
    hasHeader([
      ['text', 'label'],
      ['good', 'up'],
    ]),
  ).toBe(true);
  expect(
    hasHeader([
      ['place', 'warmth'],
      ['here', '3.5'],
      ['there', '-1e3'],
    ]),
  ).toBe(true);
  expect(
    hasHeader([
      ['good film', 'up'],
      ['bad film', 'down'],
    ]),
  ).toBe(false);
  expect(
    hasHeader([
      ['1', '2'],
      ['3', '4'],
    ]),
  ).toBe(false);
  expect(
    hasHeader([
      ['text', 'text'],
      ['a', 'b'],
    ]),
  ).toBe(false);
  expect(hasHeader([['text', 'label']])).toBe(false);
});

test.each([
  ['reviews.tsv', REVIEWS, { task: 'classify', read: ['column 1'], learned: 'column 2', header: false }],
  [
    'few.tsv',
    lines(
      40,
      (i) => `it is ${i % 2 === 0 ? 'warm' : 'cold'}, day ${i % 7}\t${i % 2 === 0 ? 'summer' : 'winter'}`,
    ),
    { task: 'classify', read: ['column 1'], learned: 'column 2', header: false },
  ],
  ['pairs.tsv', PAIRS, { task: 'translate', read: ['column 1'], learned: 'column 2' }],
  ['tagged.jsonl', TAGGED, { task: 'tag', read: ['tokens'], learned: 'tags' }],
  ['series.csv', SERIES, { task: 'regress', read: ['warmth', 'damp'], learned: 'damp', header: true }],
  [
    'words.csv',
    `sentence,tags\n${lines(40, (i) => `"see ${i} run",V D N`)}`,
    { task: 'tag', read: ['sentence'], learned: 'tags', header: true },
  ],
])('columns and task of %s are guessed', async (name, text, choice) => {
  const look = await lookAt(name, blob(text), {});
  expect(look.fault).toBeUndefined();
  expect(look.choice).toMatchObject(choice);
  expect(look.rows).toBe(name === 'series.csv' ? 60 : 40);
});

test('a visitor chooses otherwise: another task, other columns, a first line that is a record', async () => {
  const both = await lookAt('reviews.tsv', blob(REVIEWS), { task: 'translate' });
  expect(both.choice).toMatchObject({ task: 'translate', read: ['column 1'], learned: 'column 2' });
  const turned = await lookAt('r.tsv', blob(REVIEWS), { read: ['column 2'], learned: 'column 1' });
  expect(turned.choice).toMatchObject({ read: ['column 2'], learned: 'column 1' });
  const headed = await lookAt('series.csv', blob(SERIES), { header: false });
  expect(headed.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
  expect(headed.rows).toBe(61);
});

test.each([
  ['an empty file', 'empty.tsv', ' \n', /^empty\.tsv is empty\.$/],
  ['a line without its field', 'two.tsv', 'a\tb\nc\n', /"two\.tsv", line 2: /],
  ['a quote that is never closed', 'one.csv', 'a,b\n"c,d\n', /line 2: a quote/],
  ['JSON that is none', 'bad.jsonl', '{"a": 1}\n{"a": \n', /line 2/],
])('%s is answered in a sentence', async (_, name, text, message) => {
  expect(await lookAt(name, blob(text), {}).catch(sentenceOf)).toMatch(message);
});

test.each([
  ['one column', 'one.csv', lines(20, (i) => `word${i}`), {}, /^There is one column only/],
  ['too few records', 'few.tsv', 'a b\tc d\n', {}, /^There are 1 records .* at least 10 are needed/],
  ['the same column twice', 'r.tsv', REVIEWS, { read: ['column 1'], learned: 'column 1' }, /same column/],
  ['words without a tag', 't.tsv', REVIEWS, { task: 'tag' }, /^Record 1 has 5 words in “column 1” and 1 in/],
  [
    'texts for numbers',
    'n.tsv',
    REVIEWS,
    { task: 'regress', read: ['column 1'] },
    /where a number is needed\.$/,
  ],
] as const)('%s: shown with why nothing can be learned', async (_, name, text, choice, message) => {
  const look = await lookAt(name, blob(text), choice);
  expect(look.fault).toMatch(message);
});

test('rows with nothing in one of the columns are left out and counted', () => {
  const rows = [
    ...Array.from({ length: 12 }, (_, i) => ({ a: `text ${i}`, b: 'x' })),
    { a: ' ', b: 'y' },
    { a: 'z' },
  ];
  const choice = { format: 'tsv', header: true, separator: '\t', read: ['a'], learned: 'b' } as const;
  const { records, empty } = recordsOfRows(rows, { ...choice, task: 'classify' });
  expect([records.length, empty]).toEqual([12, 2]);
  expect(records[3]).toEqual({ a: 'text 3', b: 'x' });
  expect(recordsOfRows(rows, { ...choice, task: 'translate' }).records[0]).toEqual({
    source: 'text 0',
    target: 'x',
  });
});

test('JSON may have numbers as labels, lists as words, and columns of other kinds', async () => {
  const text = lines(30, (i) =>
    JSON.stringify({ text: `number ${i} of them`, stars: i % 3, more: { a: i } }),
  );
  const { choice, columns } = await lookAt('stars.jsonl', blob(text), {});
  expect(choice).toMatchObject({ task: 'classify', read: ['text'], learned: 'stars' });
  expect(columns.map(({ kind }) => kind)).toEqual(['words', 'numbers', 'other']);
  const { rows } = await readOwn('stars.jsonl', blob(text), choice);
  expect(recordsOfRows(rows, choice).records[1]).toEqual({ text: 'number 1 of them', stars: '1' });
});

test('a short series has a short window', () => {
  const choice = {
    format: 'csv',
    header: true,
    separator: ',',
    task: 'regress',
    read: ['a'],
    learned: 'a',
  } as const;
  expect(ownEntry(choice, 40).options).toMatchObject({ inputs: ['a'], target: 'a', window: 5, horizon: 1 });
  expect(ownEntry(choice, 4000).options.window).toBe(24);
});

test('nothing that fits is nothing', () => {
  const rows = Array.from({ length: 20 }, () => ({ a: null }));
  expect(guessTask(rows, describeColumns(rows))).toBeNull();
});
