import { describe, expect, it } from 'vitest';
import {
  characters,
  classes,
  dataset,
  features,
  grid,
  image,
  labels,
  numbers,
  OptionError,
  records,
  sourceTokens,
  tags,
  targetTokens,
  tokens,
  vector,
  type Batch,
  type Tokenizer,
} from '../../src/index.js';
import { columnFromJSON, renamed, type Column } from '../../src/graph.js';

const abc = characters(['abc']); // a 0, b 1, c 2, begin 3, end 4; V = 5
const names = labels(['no', 'yes']);

/** All records in one batch, in their order. */
function batchOf(rows: readonly object[], ...columns: readonly Column[]): Batch {
  const source = dataset(records.of(rows), columns, { batch: rows.length, buckets: 'auto' });
  return source.examination({}).loader.next() as Batch;
}

const arraysOf = (batch: Batch): Record<string, number[]> =>
  Object.fromEntries(Object.entries(batch.arrays).map(([name, array]) => [name, Array.from(array)]));

describe('columns', () => {
  it('of texts are ids with lengths, padded by V', () => {
    const batch = batchOf([{ text: 'abc' }, { text: 'cz' }], tokens('text', abc));
    expect(arraysOf(batch)).toEqual({ ids: [0, 2, 1, 5, 2, 5], lengths: [3, 2] });
    expect(batch.sizes).toEqual({ T: 3, N: 2 });
    expect(batch.count).toBe(2);
  });

  it('of texts read lists of symbols and ids too, and leave out ids after `longest`', () => {
    const rows = [{ text: ['b', 'z'] }, { text: Uint8Array.of(2, 0, 1) }];
    const batch = batchOf(rows, tokens('text', abc, { longest: 2 }));
    expect(arraysOf(batch)).toEqual({ ids: [1, 2, 5, 0], lengths: [2, 2] });
  });

  it('of targets begin with begin and end with end, and unknown symbols do not count', () => {
    const rows = [
      { from: 'ab', to: 'cz' },
      { from: 'c', to: '' },
    ];
    const batch = batchOf(rows, sourceTokens('from', abc), targetTokens('to', abc));
    expect(arraysOf(batch)).toEqual({
      source: [0, 2, 1, 5],
      sourceLengths: [2, 1],
      previous: [3, 3, 2, 5, 5, 5],
      targets: [2, 4, 5, 5, 4, 5],
    });
    expect(batch.sizes).toEqual({ S: 2, T: 3, N: 2 });
    expect(batch.count).toBe(3); // c, end; end
  });

  it('of labels have one for a record, or one for each step, where null means none', () => {
    const rows = [
      { text: 'ab', label: 'yes', tags: ['no', 'yes'] },
      { text: 'abc', label: 'no', tags: ['yes', null, 'no'] },
    ];
    const classified = batchOf(rows, tokens('text', abc), classes('label', names));
    expect(arraysOf(classified).labels).toEqual([1, 0]);
    expect(classified.count).toBe(2);
    const tagged = batchOf(rows, tokens('text', abc), tags('tags', names));
    expect(arraysOf(tagged).tags).toEqual([0, 1, 1, 2, 2, 0]);
    expect(tagged.count).toBe(4);
  });

  it('of numbers: steps of features, flat or nested, and numbers to predict', () => {
    const rows = [{ frames: [[1, 2], [3, 4]], y: 5 }, { frames: Float32Array.of(6, 7), y: [8] }]; // prettier-ignore
    const batch = batchOf(rows, features('frames', { size: 2 }), numbers('y'));
    expect(arraysOf(batch)).toEqual({ x: [1, 2, 6, 7, 3, 4, 0, 0], lengths: [2, 1], y: [5, 8] });
    expect(batch.count).toBe(2);
    const every = [{ frames: [[1], [2]], y: [[1, 2], [3, 4]] }]; // prettier-ignore
    const stepwise = batchOf(every, features('frames', { size: 1 }), numbers('y', { size: 2, every: true }));
    expect(arraysOf(stepwise).y).toEqual([1, 2, 3, 4]);
    expect(stepwise.count).toBe(4);
  });

  it('of pictures: a vector, places first, or pixels with their channels last', () => {
    const rows = [{ v: [1, 2], g: [[1], [2], [3]], i: [[1, 2], [3, 4]] }, { v: [3, 4], g: [4, 5, 6], i: [5, 6, 7, 8] }]; // prettier-ignore
    const batch = batchOf(
      rows,
      vector('v', { size: 2 }),
      grid('g', { cells: 3, size: 1 }),
      image('i', { rows: 2, columns: 2 }),
    );
    expect(arraysOf(batch)).toEqual({
      features: [1, 2, 3, 4],
      grid: [1, 4, 2, 5, 3, 6],
      image: [1, 2, 3, 4, 5, 6, 7, 8],
    });
    const source = dataset(records.of(rows), [image('i', { rows: 1, columns: 2, channels: 2 })], {
      batch: 2,
    });
    expect(source.fields.image.shape).toEqual(['N', 1, 2, 2]);
  });

  it('scale by the statistics of the training records, and return them', () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ x: [[i, 10 * i]], y: i }));
    const { train, validation } = records.of(rows).split(0.25, { seed: 1 });
    const columns = [
      features('x', { size: 2, normalize: 'standard' }),
      numbers('y', { normalize: 'standard' }),
    ] as const;
    const source = dataset(train, columns, { batch: 6 });
    const held = dataset(validation, columns, { batch: 2 });
    const ids = [...train].map(({ y }) => y);
    const mean = ids.reduce((sum, y) => sum + y, 0) / ids.length;
    const deviation = Math.sqrt(ids.reduce((sum, y) => sum + (y - mean) ** 2, 0) / ids.length);
    expect(source.stats.x.mean[1]).toBeCloseTo(10 * mean, 12);
    expect(source.columns[1].stats?.deviation[0]).toBeCloseTo(deviation, 12);
    expect(held.stats).toEqual(source.stats);
    const { arrays } = held.examination({}).loader.next() as Batch<typeof held.fields>;
    expect(arrays.y[0]).toBeCloseTo((validation.at(0).y - mean) / deviation, 6);
    // The given columns stay unchanged: other records get their own statistics.
    const other = dataset(records.of(rows.slice(0, 2)), columns, { batch: 2 });
    expect(other.columns[1].stats).toEqual({ mean: [0.5], deviation: [0.5] });
    expect(columns[1].stats).toBeUndefined();
    const given = numbers('y', { normalize: { mean: [1], deviation: [2] } });
    expect(Array.from(batchOf([{ y: 5 }], given).arrays.y)).toEqual([2]);
  });
});

describe('columns as plain data', () => {
  const rows = [
    {
      ...{ text: 'ab', label: 'yes', tags: ['no', 'yes'], x: [[1, 2], [3, 5]] },
      ...{ y: 4, each: [[1], [2]], grid: [1, 2], image: [1, 2, 3, 4] },
    },
    {
      ...{ text: 'c', label: 'no', tags: ['yes'], x: [[7, 1]] },
      ...{ y: 5, each: [[3]], grid: [3, 4], image: [5, 6, 7, 9] },
    },
  ]; // prettier-ignore
  const standard = { normalize: 'standard' } as const;

  it.each<Column>([
    tokens('text', abc, { longest: 1 }),
    sourceTokens('text', abc),
    targetTokens('text', abc, { longest: 3 }),
    classes('label', names),
    tags('tags', names, { longest: 2 }),
    features('x', { size: 2, ...standard }),
    numbers('y', standard),
    numbers('each', { every: true }),
    vector('grid', { size: 2 }),
    grid('grid', { cells: 2, size: 1, ...standard }),
    features('x', { size: 2, source: true, ...standard }),
    image('image', { rows: 2, columns: 1, channels: 2 }),
    image('image', { rows: 1, columns: 2, channels: 1, every: true }),
    image('image', { rows: 1, columns: 1, channels: 2, every: true, source: true, ...standard }),
    renamed(numbers('y', standard), { y: 'height' }),
  ])('$title is made again, with its statistics', (column) => {
    const source = dataset(records.of(rows), [column], { batch: 2 });
    const plain: unknown = JSON.parse(JSON.stringify(source.columns[0]));
    const again = dataset(records.of(rows.slice(0, 1)), [columnFromJSON(plain)], { batch: 1 });
    expect(again.stats).toEqual(source.stats);
    expect(again.fields).toEqual(source.fields);
    expect(JSON.parse(JSON.stringify(again.columns[0]))).toEqual(plain);
    const [[name, array]] = Object.entries((again.loader().next() as Batch).arrays);
    // Row 0 of two: every second row of elements, for the number of its own steps.
    const whole = batchOf(rows, column).arrays[name];
    const { shape } = source.fields[name];
    const rest = shape.slice(shape.indexOf('N') + 1).reduce<number>((all, size) => all * Number(size), 1);
    const first = Array.from(whole).filter((_, i) => Math.floor(i / rest) % 2 === 0);
    expect(first.slice(0, array.length)).toEqual(Array.from(array));
  });

  it('need a known kind', () => {
    expect(() => columnFromJSON({ kind: 'sound', name: 'a' })).toThrow(
      'one of the kinds tokens, sourceTokens',
    );
    expect(() => columnFromJSON(undefined)).toThrow('but got undefined');
    expect(() => columnFromJSON({ kind: 'features', name: 'x', size: 0 })).toThrow(OptionError);
  });

  it('can be renamed for two heads', () => {
    const two = [
      classes('label', names),
      renamed(classes('label', labels(['yes', 'no'])), { labels: 'second' }),
    ];
    const batch = batchOf(rows, ...two);
    expect(arraysOf(batch)).toEqual({ labels: [1, 0], second: [0, 1] });
    const typed = dataset(records.of(rows), [renamed(tokens('text', abc), { ids: 'words' })], { batch: 2 });
    expect(typed.fields.words.shape).toEqual(['T', 'N']);
    expect(typed.fields.lengths.shape).toEqual(['N']);
    const wrong: object = { tags: 'second' };
    expect(() => renamed(classes('label', names), wrong)).toThrow(
      'renamed.tags: expected one of labels, got "second".',
    );
  });
});

describe('an error names a wrong value and what the column reads', () => {
  const text = tokens('text', abc);
  const frames = features('x', { size: 2 });

  it.each<[string, readonly object[], readonly Column[], string]>([
    [
      'a missing entry',
      [{ text: 'a' }, { txt: 'a', label: 'no' }],
      [text],
      'Record 1 has no "text"; it has "txt", "label". tokens("text") makes "ids" as Uint32Array [T,N] and ' +
        '"lengths" as Uint32Array [N] of it.',
    ],
    [
      'an entry of another type',
      [{ text: 5 }],
      [text],
      'Record 0: tokens("text") reads a text, a list of symbols, or ids, but got 5.',
    ],
    [
      'an id that is none',
      [{ text: [6] }],
      [text],
      'Record 0: tokens("text") reads ids from 0 to 5, but got 6.',
    ],
    [
      'an empty record',
      [{ text: '' }],
      [text],
      'Record 0: "text" is empty, but tokens("text") needs at least one symbol.',
    ],
    [
      'steps of another width',
      [{ x: [[1, 2], [3]] }], // prettier-ignore
      [frames],
      'Record 0: features("x") reads numbers [T,2], but a list inside has 1 numbers instead of 2.',
    ],
    [
      'a flat array of another length',
      [{ x: [1, 2, 3] }],
      [frames],
      'Record 0: features("x") reads numbers [T,2], a multiple of 2 in all, but "x" has 3.',
    ],
    [
      'a vector of another length',
      [{ v: [1, 2, 3] }],
      [vector('v', { size: 2 })],
      'Record 0: vector("v") reads 2 numbers, 2 in all, but "v" has 3.',
    ],
    [
      'no step at all',
      [{ x: [] }],
      [frames],
      'Record 0: "x" is empty, but features("x") needs at least one step.',
    ],
    [
      'a number that is not finite',
      [{ y: NaN }],
      [numbers('y')],
      'reads a number, finite ones up to 3.4e38, but got NaN',
    ],
    [
      'a number beyond single precision',
      [{ v: [1, 1e39] }],
      [vector('v', { size: 2 })],
      'finite ones up to 3.4e38, but got 1e+39',
    ],
    [
      'a text in place of a number',
      [{ y: '5' }],
      [numbers('y')],
      'Record 0: numbers("y") reads a number, but got "5".',
    ],
    [
      'a label that is not among the names',
      [{ label: 'maybe' }],
      [classes('label', names)],
      'Record 0: classes("label"): "maybe" is not among the labels no, yes.',
    ],
    [
      'a tag that is not among the names',
      [{ text: 'a', tags: ['maybe'] }],
      [text, tags('tags', names)],
      'Record 0: tags("tags"): "maybe" is not among the labels no, yes.',
    ],
    [
      'a target that would lose its end',
      [{ to: 'abc' }],
      [targetTokens('to', abc, { longest: 3 })],
      'Record 0: "to" has 3 symbols and needs 4 steps with its end, but longest is 3: the target would lose ' +
        'its end.',
    ],
    [
      'lengths that differ',
      [{ text: 'abc', tags: ['no', 'yes'] }],
      [text, tags('tags', names)],
      'Record 0: lengths do not fit: tokens("text") has 3 steps (T), but tags("tags") has 2.',
    ],
    [
      'two columns for one field',
      [{ text: 'a' }],
      [text, tokens('label', abc)],
      'columns: expected one column for each field, but tokens("text") and tokens("label") write it, got "ids".',
    ],
  ])('%s', (_, rows, columns, message) => {
    expect(() => batchOf(rows, ...columns)).toThrow(message);
  });

  it('and names a wrong option when the column is made', () => {
    expect(() => tokens('text', 'abc' as unknown as Tokenizer)).toThrow('tokenizer: expected a tokenizer');
    expect(() => tokens('text', abc, { longst: 5 } as object)).toThrow(OptionError);
    expect(() => features('x', { size: 0 })).toThrow('size: expected a whole number of at least 1, got 0.');
    expect(() => features('x', { size: 2, normalize: { mean: [0], deviation: [1] } })).toThrow(
      "normalize: expected 'standard', or { mean, deviation } with 2 numbers each",
    );
    const { kind, size, begin, end, unknown } = abc;
    const plain: Tokenizer = {
      ...{ kind, size, begin, end, unknown },
      encode: () => [0],
      decode: () => '',
      toJSON: () => ({ kind }),
    };
    expect(() => batchOf([{ text: ['a'] }], tokens('text', plain))).toThrow('has no idOf(symbol)');
  });
});
