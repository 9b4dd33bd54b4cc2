import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();
const look = (name: string, ...options: string[]) => command(['data', 'look', name, ...options]);

beforeAll(async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `"Text, number ${i}",${i % 4 === 0 ? 'ham' : 'spam'}\n`);
  await writeFile(file('mail.csv'), `text,label\n${rows.join('')}`);
  await writeFile(file('pairs.tsv'), 'Go.\t去吧。\nGo.\t去吧。\nHi 😀\t\n'.repeat(10));
  await writeFile(file('ner.conllu'), '# sent\n1\tParis\tParis\tPROPN\n\n1\tgo\tgo\tVERB\n');
  await writeFile(file('lines.jsonl'), '{"text":"a","label":1,"id":7}\n'.repeat(4));
  await writeFile(
    file('images.idx'),
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4),
  );
  await writeFile(file('labels.idx'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 6));
  await writeFile(file('latin.csv'), Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'));
});

describe('data look', () => {
  test('prints columns, labels, lengths, buckets, the split and unknown symbols', async () => {
    const { status, out, error } = await look(file('mail.csv'));
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(
      /^40 records, 0 of them repeat an earlier one\n\ntext: 40 different values, 0 empty\n/,
    );
    expect(out).toContain(
      '  lengths    min 14, 25 % 14, median 15, 75 % 15, 95 % 15, max 15 (texts in characters)',
    );
    expect(out).toContain('  buckets    15\n');
    expect(out).toContain('  unknown    0 of ');
    expect(out).toContain('label: 2 different values, 0 empty\n  labels     spam 30, ham 10\n');
    expect(out).toMatch(/split {8}36 train, 4 held out; 0 held-out records are in the training part too\n$/);
  });

  test('prints one object with --json', async () => {
    const { out } = await look(file('pairs.tsv'), '--json', '--validation', '0.5', '--tokens', 'words');
    const found = JSON.parse(out) as { readonly columns: readonly { readonly name: string }[] };
    expect(found).toMatchObject({
      ...{ event: 'look', records: 30, repeated: 28, split: { train: 15, validation: 15, shared: 15 } },
      columns: [
        {
          name: 'source',
          empty: 0,
          labels: [
            ['Go.', 20],
            ['Hi 😀', 10],
          ],
        },
        { name: 'target', empty: 10, labels: [['去吧。', 20]] },
      ],
    });
  });

  test('reads every format', async () => {
    const columnsOf = async (name: string, ...options: string[]): Promise<string[]> => {
      const { status, out, error } = await look(name, '--json', ...options);
      expect({ status, error }).toEqual({ status: 0, error: '' });
      return (JSON.parse(out) as { columns: { name: string }[] }).columns.map((column) => column.name);
    };
    expect(await columnsOf(file('mail.csv'), '--columns', 'label')).toEqual(['label']);
    expect(await columnsOf(file('mail.csv'), '--no-header', '--columns', 'a,b')).toEqual(['a', 'b']);
    expect(await columnsOf(file('ner.conllu'))).toEqual(['tokens', 'tags']);
    expect(await columnsOf(file('lines.jsonl'), '--columns', 'text,label')).toEqual(['text', 'label']);
    expect(await columnsOf(`${file('images.idx')},${file('labels.idx')}`)).toContain('image');
    expect(await columnsOf(file('pairs.tsv'), '--format', 'csv', '--separator', '\t')).toEqual([
      'Go.',
      '去吧。',
    ]);
  });

  test('warns about invalid UTF-8, and names wrong options', async () => {
    const { status, error } = await look(file('latin.csv'));
    expect(status).toBe(0);
    expect(error).toMatch(
      /^unrolled: warning: .*line 2: 1 invalid UTF-8 sequence was replaced.*Windows-1252/,
    );
    const missing = await look(file('mail.csv'), '--columns', 'subject');
    expect([missing.status, missing.error]).toEqual([
      1,
      expect.stringContaining('Its header (line 1) names "text", "label".'),
    ]);
    for (const [name, options, message] of [
      [file('x.bin'), [], 'add --format with one of tsv, csv'],
      [file('pairs.tsv'), ['--no-header'], 'apply only to CSV files, but'],
      [file('mail.csv'), ['--no-header'], '--no-header needs the names'],
      [file('images.idx'), [], 'expected two IDX files, IMAGES,LABELS'],
      [file('ner.conllu'), ['--columns', 'a,b'], 'the numbers of token and tag'],
      [file('mail.csv'), ['--tokens', 'bytes'], 'Allowed choices are characters, words'],
    ] as const) {
      const wrong = await look(name, ...options);
      expect([wrong.status, wrong.out], message).toEqual([2, '']);
      expect(wrong.error).toContain(message);
    }
  });
});
