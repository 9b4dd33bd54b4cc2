import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, OptionError, records, slidingWindows } from '../../../src/index.js';
import { FileError } from '../../../src/graph.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = (content: BlobPart, name = 'a.csv'): File => new File([content], name);
async function saved(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('tsv', () => {
  it('may name its columns in the first line, and keeps some of them', async () => {
    const read = (columns: string[]) =>
      records.tsv(named('id\ttext\tkind\n1\t"a\tx\n\n2\tb\ty\n', 'h.tsv'), columns, { header: true });
    expect([...(await read(['kind', 'text']))]).toEqual([
      { kind: 'x', text: '"a' },
      { kind: 'y', text: 'b' },
    ]);
    await expect(read(['label'])).rejects.toThrow(
      '"h.tsv" has no column "label". Its header (line 1) names "id", "text", "kind".',
    );
  });

  it('reads pairs that are followed by a comment, from a path and from a File', async () => {
    const text = '\uFEFFGo "now".\t去吧。\tCC-BY\r\n\r\nSmile 😀\t\tCC-BY\r\n';
    const expected = [
      { source: 'Go "now".', target: '去吧。' },
      { source: 'Smile 😀', target: '' },
    ];
    for (const file of [await saved('pairs.tsv', text), named(text, 'pairs.tsv'), new Blob([text])]) {
      const pairs = await records.tsv(file, ['source', 'target']);
      expect([...pairs]).toEqual(expected);
      expect(pairs.warnings).toEqual([]);
    }
  });

  it('names the line of a source without a target, and of one with another number of fields', async () => {
    const read = (text: string) => records.tsv(named(text, 'p.tsv'), ['source', 'target']);
    await expect(read('a\tb\n\nc\n')).rejects.toThrow(
      '"p.tsv", line 3: expected 2 fields between tabs (source, target), but there is 1.',
    );
    await expect(read('a\tb\nc\td\te\n')).rejects.toThrow(
      '"p.tsv", line 2: expected 2 fields between tabs as in line 1, but there are 3.',
    );
    await expect(read('\n')).rejects.toThrow('"p.tsv" has no records: expected lines of source, target');
    await expect(records.tsv(named('a'), ['x', 'x'])).rejects.toThrow(OptionError);
    await expect(records.tsv(5 as unknown as string, ['x'])).rejects.toThrow('file: expected a path');
  });
});

describe('csv', () => {
  const text = 'text,label\r\n"Good, he said: ""very"" good",yes\r\n"two\r\nlines",no\r\n\r\n,yes';

  it('reads fields in quotes with separators, quotes and line ends in them', async () => {
    const expected = [
      { text: 'Good, he said: "very" good', label: 'yes' },
      { text: 'two\nlines', label: 'no' },
      { text: '', label: 'yes' },
    ];
    expect([...(await records.csv(named(text)))]).toEqual(expected);
    const path = await saved('a.csv.gz', gzipSync(text));
    expect([...(await records.csv(path, { columns: ['label'] }))]).toEqual(
      expected.map(({ label }) => ({ label })),
    );
  });

  it('reads a file without a header, and with another separator', async () => {
    const options = { header: false, columns: ['x', 'y'], separator: ';' } as const;
    expect([...(await records.csv(named('1;2;3\n"4;";5;6\n'), options))]).toEqual([
      { x: '1', y: '2' },
      { x: '4;', y: '5' },
    ]);
  });

  it('reads the same records for every division of the bytes into chunks', async () => {
    const row = '"a ""quote"" 喜,\r\nb",\u00e9😀\r\n';
    const many = `${'x,'.padEnd(2 ** 20 - 40, 'y')}\r\n${row.repeat(50)}`;
    for (let shift = 0; shift < 60; shift += 7) {
      const rows = [...(await records.csv(named('h,i\n' + 'z'.repeat(shift) + many)))];
      expect(rows.length).toBe(51);
      expect(new Set(rows.slice(1).map((each) => JSON.stringify(each)))).toEqual(
        new Set([JSON.stringify({ h: 'a "quote" 喜,\nb', i: '\u00e9😀' })]),
      );
    }
  });

  it('reports a missing column with the existing ones', async () => {
    await expect(records.csv(named(text), { columns: ['label', 'topic'] })).rejects.toThrow(
      '"a.csv" has no column "topic". Its header (line 1) names "text", "label".',
    );
    await expect(records.csv(named('a,b,a\n1,2,3'))).rejects.toThrow('names the column "a" twice');
    await expect(records.csv(named('1'), { header: false, columns: ['a', 'b'] })).rejects.toThrow(
      '"a.csv", line 1: expected at least 2 fields (a, b), but there is 1.',
    );
  });

  it('names the line of a ragged row, counting line ends in quotes', async () => {
    await expect(records.csv(named('a,b\n"1\n2",3\n4,5,6\n'))).rejects.toThrow(
      '"a.csv", line 4: expected 2 fields as in line 1, the header (a, b), but there are 3.',
    );
    await expect(records.csv(named('a,b\n\n1\n'))).rejects.toThrow('line 3: expected 2 fields');
  });

  it('names the line of an unclosed quote, and of text after a closing quote', async () => {
    await expect(records.csv(named('a,b\n1,2\n"3,4\n5,6\n'))).rejects.toThrow(
      '"a.csv", line 3: a quote (") opens a field of the row that starts here and is never closed.',
    );
    await expect(records.csv(named('a,b\n1,2\n"3"x,4\n'))).rejects.toThrow(
      '"a.csv", line 3: a field in quotes continues after its closing quote.',
    );
  });

  it('reports an unclosed quote before the whole file is in memory', async () => {
    const blob = new Blob(['a\n"', ...new Array<string>(9).fill('x\n'.repeat(2 ** 19))]);
    await expect(records.csv(blob)).rejects.toThrow(
      'The file, line 2: the row that starts here has more than 8388608 characters. Is a quote',
    );
  });

  it('refuses an empty file, a header alone, wrong options', async () => {
    await expect(records.csv(named(''))).rejects.toThrow(
      '"a.csv" has no records: expected a header and rows',
    );
    await expect(records.csv(named('a,b\n'))).rejects.toThrow(DataError);
    await expect(records.csv(named('a'), { header: false })).rejects.toThrow('columns: expected a list');
    await expect(records.csv(named('a'), { separator: '' })).rejects.toThrow(
      'separator: expected one character',
    );
    await expect(records.csv(named('a'), { sep: ',' } as object)).rejects.toThrow('csv.sep');
  });
});

describe('bytes', () => {
  it('of invalid UTF-8 are replaced, with a warning that names line and encoding', async () => {
    const latin = Uint8Array.from('a,b\n1,2\ncaf\xe9,na\xefve\n', (char) => char.charCodeAt(0));
    const read = await records.csv(named(latin));
    expect(read.at(1)).toEqual({ a: 'caf\uFFFD', b: 'na\uFFFDve' });
    expect(read.warnings).toEqual([
      '"a.csv", line 3: 2 invalid UTF-8 sequences were replaced by U+FFFD: it looks like Windows-1252 ' +
        '(cp1252, or Latin-1). Save it as UTF-8 to keep its characters.',
    ]);
  });

  it('of UTF-16 and of pictures are refused', async () => {
    const wide = Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le');
    await expect(records.csv(named(wide))).rejects.toThrow('is a text in UTF-16 (little-endian)');
    const picture = Uint8Array.from({ length: 300 }, (_, i) => (i * 89) % 256);
    await expect(records.tsv(named(picture, 'x.png'), ['a'])).rejects.toThrow('"x.png" is not a text');
  });

  it('that cannot be read are named with the reason', async () => {
    const path = join(folder, 'none.csv');
    await expect(records.csv(path)).rejects.toThrow(`Cannot read "${path}": there is no such file.`);
    await expect(records.csv(folder)).rejects.toThrow(FileError);
    const cut = gzipSync('a,b\n'.repeat(1000)).subarray(0, 20);
    await expect(records.csv(named(cut))).rejects.toThrow('is a gzip file that is damaged or truncated');
  });
});

describe('series', () => {
  it('are the numbers of a CSV file by column', async () => {
    const file = named('time,t,h\n2024-01-01,-1.5,1e2\n2024-01-02, .5 ,3\n2024-01-03,1,+2\n');
    const series = await records.series(file, { columns: ['h', 't'] });
    expect(series).toEqual({ h: Float64Array.of(100, 3, 2), t: Float64Array.of(-1.5, 0.5, 1) });
    expect(slidingWindows(Object.values(series), { window: 2, batch: 1 }).length).toBe(1);
    await expect(records.series(file)).rejects.toThrow(
      '"a.csv", line 2: expected a number in the column "time", got "2024-01-01". Choose the columns',
    );
    for (const wrong of ['', 'NaN', '0x10', '1e999', '1,5'])
      await expect(records.series(named(`t,u\n1,1\n"${wrong}",2\n`)), wrong).rejects.toThrow(
        'line 3: expected',
      );
    await expect(records.series(named('t\n1\n-1e39\n'))).rejects.toThrow(
      'line 3: expected a number in the column "t", at most 3.4e38 (single precision), got "-1e39".',
    );
  });
});
