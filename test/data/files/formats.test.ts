import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  classes,
  dataset,
  features,
  grid,
  image,
  labels,
  records,
  writeSafetensors,
} from '../../../src/index.js';
import { columnFromJSON, readFeatureRows } from '../../../src/graph.js';

const named = (content: BlobPart, name: string): File => new File([content], name);

describe('jsonl', () => {
  const read = (text: string, options = {}) => records.jsonl(named(text, 'a.jsonl'), options);

  it('has an object in each line', async () => {
    const rows = await records.jsonl<{ tokens: string[] }>(
      named('{"tokens":["a","\\n"]}\r\n\n{"tokens":[]}', 'a.jsonl'),
    );
    expect([...rows]).toEqual([{ tokens: ['a', '\n'] }, { tokens: [] }]);
  });

  it('keeps the named columns', async () => {
    expect([...(await read('{"a":1,"b":2,"c":3}\n{"c":4,"a":5}', { columns: ['c', 'a'] }))]).toEqual([
      { c: 3, a: 1 },
      { c: 4, a: 5 },
    ]);
  });

  it('names the line of another value, and the existing entries', async () => {
    await expect(read('{"a":1}\n{"a":')).rejects.toThrow(
      '"a.jsonl", line 2: expected a JSON object, but this',
    );
    await expect(read('{"a":1}\n[1]')).rejects.toThrow('"a.jsonl", line 2: expected a JSON object, got [1].');
    await expect(read('{"a":1,"b":2}', { columns: ['a', 'c'] })).rejects.toThrow(
      '"a.jsonl", line 1 has no "c"; it has "a", "b".',
    );
    await expect(read('')).rejects.toThrow('has no records: expected a JSON object in each line');
  });
});

describe('conll', () => {
  const read = (text: string, options = {}) => records.conll(named(text, 'a.conll'), options);

  it('has sentences between empty lines, the tag in the last column', async () => {
    const text = '-DOCSTART- -X- O\n\nEU NNP B-ORG\n# NN O\n\n\nPeter NNP B-PER\n';
    expect([...(await read(text))]).toEqual([
      { tokens: ['EU', '#'], tags: ['B-ORG', 'O'] },
      { tokens: ['Peter'], tags: ['B-PER'] },
    ]);
  });

  it('takes columns between tabs, and comments', async () => {
    const text = '# text = New York\n1\tNew York\tPROPN\tx\n';
    expect([...(await read(text, { token: 1, tag: 2, comment: '#' }))]).toEqual([
      { tokens: ['New York'], tags: ['PROPN'] },
    ]);
  });

  it('reads only tokens for predictions, whatever the other columns contain', async () => {
    const found = await read('a\nb\n\nc\n', { tagged: false });
    expect([...found]).toEqual([
      { tokens: ['a', 'b'], tags: [] },
      { tokens: ['c'], tags: [] },
    ]);
    expect([0, 1].map((place) => found.nameOf(place))).toEqual(['"a.conll", line 1', '"a.conll", line 4']);
    expect([...(await read('a X\nb Y\n', { tagged: false }))]).toEqual([{ tokens: ['a', 'b'], tags: [] }]);
    await expect(read('a\n', { tagged: false, token: 1 })).rejects.toThrow(
      'expected a token in column 1, counted from 0, but there is 1.',
    );
  });

  it('names the line with another number of columns', async () => {
    await expect(read('a O\nb\n')).rejects.toThrow(
      '"a.conll", line 2: expected 2 columns as in line 1, but there is 1.',
    );
    await expect(read('a\tx\tO\n# text = a b\n')).rejects.toThrow("set comment: '#'");
    await expect(read('a O\n', { tag: 2 })).rejects.toThrow(
      'its tag in column 2, counted from 0, but there are 2',
    );
    await expect(read('a\n')).rejects.toThrow('its tag in column 1, counted from 0, but there is 1');
    await expect(read('\n')).rejects.toThrow('has no records');
  });
});

/** The bytes of an IDX file. */
function idx(shape: readonly number[], data: readonly number[], type = 8): Uint8Array<ArrayBuffer> {
  const sizes = shape.flatMap((size) => [0, 0, size >> 8, size & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...data]);
}

describe('idx', () => {
  const pixels = Array.from({ length: 12 }, (_, i) => (i === 11 ? 255 : 51 * (i % 4)));
  const images = named(idx([2, 2, 3], pixels), 'images.idx');
  const digits = named(idx([2], [7, 0]), 'labels.idx');

  it('are images with labels, read by rows, by pixels and as a whole', async () => {
    const packed = named(gzipSync(idx([2, 2, 3], pixels)), 'images.gz');
    for (const file of [images, packed]) {
      const rows = await records.idx(file, digits);
      expect([...rows].map(({ label }) => label)).toEqual(['7', '0']);
      expect([rows.at(0).rows, rows.at(0).columns]).toEqual([2, 3]);
      expect(Array.from(rows.at(0).image, (level) => Math.round(5 * level))).toEqual([0, 1, 2, 3, 0, 1]);
      expect(rows.at(1).image[5]).toBe(1);
      const label = classes('label', labels(Array.from('0123456789')));
      const shapes = [
        features('image', { size: 3 }),
        features('image', { size: 1 }),
        image('image', { rows: 2, columns: 3 }),
      ].map((column) => {
        const { arrays, sizes } = dataset(rows, [column, label], { batch: 2 }).loader().next() as {
          readonly arrays: Record<string, ArrayLike<number>>;
          readonly sizes: Record<string, number>;
        };
        return [sizes.T, (arrays.x ?? arrays.image).length];
      });
      expect(shapes).toEqual([
        [2, 12],
        [6, 12],
        [undefined, 12],
      ]);
    }
  });

  it('are images without labels, for predictions', async () => {
    const rows = await records.idx(images);
    expect([...rows].map(({ label, rows: height }) => [label, height])).toEqual([
      ['', 2],
      ['', 2],
    ]);
  });

  it('is an image in one step, for the convolutions of a reader', async () => {
    const rows = await records.idx(images, digits);
    const column = image('image', { rows: 2, columns: 3, every: true });
    const again = columnFromJSON(column.toJSON?.());
    const label = classes('label', labels(Array.from('0123456789')));
    for (const each of [column, again]) {
      const source = dataset(rows, [each, label], { batch: 2 });
      expect(source.fields.image.shape).toEqual(['T', 'N', 2, 3, 1]);
      const { arrays, sizes } = source.loader({ seed: 1 }).next() as {
        readonly arrays: Record<string, ArrayLike<number>>;
        readonly sizes: Record<string, number>;
      };
      expect(sizes).toEqual({ T: 1, N: 2 });
      expect(arrays.image).toHaveLength(12);
      expect([...Array.from(arrays.lengths)]).toEqual([1, 1]);
    }
    expect(() => image('image', { rows: 0, columns: 3, every: true })).toThrow(
      'rows: expected a whole number',
    );
    const wrong = records.of([{ image: [1, 2, 3, 4, 5] }]);
    expect(() =>
      dataset(wrong, [image('image', { rows: 2, columns: 3, every: true })], { batch: 1 }),
    ).toThrow('a multiple of 6 in all, but "image" has 5');
  });

  it('is refused if it is cut short, too long, or of another kind', async () => {
    const wrong = (bytes: BlobPart) => records.idx(named(bytes, 'i.idx'), digits);
    const whole = idx([2, 2, 3], pixels);
    await expect(wrong(whole.slice(0, 20))).rejects.toThrow(
      '"i.idx" is truncated: 2·2·3 elements behind 16 bytes of header make 28 bytes, and it has 20.',
    );
    await expect(wrong(whole.slice(0, 9))).rejects.toThrow('its header needs 16 bytes, but it has 9');
    await expect(wrong(whole.slice(0, 3))).rejects.toThrow('it has 3 bytes');
    await expect(wrong(Uint8Array.from([...whole, 0]))).rejects.toThrow(
      '"i.idx" is longer than its header says',
    );
    await expect(wrong(idx([2, 2, 3], pixels, 13))).rejects.toThrow(
      '"i.idx": expected images, whose IDX file starts with 0x00 0x00 0x08 0x03 (unsigned bytes, 3 dimensions), ' +
        'but it starts with 0x00 0x00 0x0d 0x03.',
    );
    await expect(records.idx(digits, images)).rejects.toThrow('expected images');
    await expect(records.idx(images, images)).rejects.toThrow('expected labels');
    await expect(wrong(idx([1, 2, 3], pixels.slice(0, 6)))).rejects.toThrow(
      '"i.idx" has 1 images, but "labels.idx" has 2 labels.',
    );
  });
});

describe('features of a safetensors file', () => {
  const file = named(
    writeSafetensors({
      flat: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      places: { shape: [2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      single: { shape: [2], data: Float32Array.of(1, 2) },
    }),
    'grid.safetensors',
  );
  const table = (text: string) => records.tsv(named(text, 'captions.tsv'), ['caption']);

  it('are added to the rows of a table', async () => {
    const rows = await records.features(file, await table('a cat\na dog\n'), 'places');
    expect([...rows]).toEqual([
      { caption: 'a cat', features: Float32Array.of(1, 2, 3, 4) },
      { caption: 'a dog', features: Float32Array.of(5, 6, 7, 8) },
    ]);
    const source = dataset(rows, [grid('features', { cells: 2, size: 2 })], { batch: 2 });
    expect(source.fields.grid.shape).toEqual([2, 'N', 2]);
    const flat = await records.features(file, await table('a cat\na dog\n'), 'flat');
    expect(flat.at(1).features).toEqual(Float32Array.of(4, 5, 6));
  });

  it('may be the only tensor, without a table, and have a shape', async () => {
    const only = named(
      writeSafetensors({ x: { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) } }),
      'one',
    );
    const { rows, shape } = await readFeatureRows(only, undefined, undefined);
    expect(rows).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
    expect(shape).toEqual([1, 2]);
    await expect(readFeatureRows(file, undefined, 2)).rejects.toThrow(
      '"grid.safetensors" has 3 tensors: "flat", "places", "single". Name the one with the features.',
    );
    const none = named(writeSafetensors({ x: { shape: [0, 2], data: new Float32Array(0) } }), 'none');
    await expect(readFeatureRows(none, 'x', undefined)).rejects.toThrow('the tensor "x" [0,2] is empty.');
  });

  it('are refused if names, shapes or numbers of rows do not match', async () => {
    await expect(records.features(file, await table('a\nb\nc\n'), 'flat')).rejects.toThrow(
      '"grid.safetensors": the tensor "flat" [2,3] has 2 rows, but the table has 3 records.',
    );
    const two = await table('a\nb\n');
    await expect(records.features(file, two, 'x')).rejects.toThrow(
      'no tensor "x"; it has "flat", "places", "single"',
    );
    await expect(records.features(file, two, 'single')).rejects.toThrow('expected [rows,F], or [rows,P,F]');
    await expect(records.features(named('abc', 'x'), two, 'flat')).rejects.toThrow('no safetensors file');
    await expect(records.features(file, [] as never, 'flat')).rejects.toThrow('rows: expected records');
  });
});
