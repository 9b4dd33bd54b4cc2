import { describe, expect, it } from 'vitest';
import {
  characters,
  classes,
  dataset,
  features,
  labels,
  numbers,
  records,
  sourceTokens,
  tags,
  targetTokens,
  tokens,
  type Batch,
  type DatasetOptions,
  type Fields,
  type Loader,
} from '../../src/index.js';
import { predictionBatches } from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';

const abc = characters(['abc']);
const names = labels(['no', 'yes']);

/** Records of 1 to 40 symbols, most of them short. `id` is different for each. */
function ragged(count: number, seed = 1) {
  const random = new Random(seed, STREAM.test);
  return Array.from({ length: count }, (_, id) => {
    const length = 1 + Math.floor(40 * random.uniform() ** 2);
    const text = Array.from({ length }, () => 'abc'[random.below(3)]).join('');
    return { id, text, reversed: [...text].reverse().join(''), label: id % 3 === 0 ? 'yes' : 'no' };
  });
}

const classified = (count: number, options: DatasetOptions, seed = 1) =>
  dataset(records.of(ragged(count, seed)), [tokens('text', abc), classes('label', names)], options);

function take<F extends Fields>(loader: Loader<F>, count: number): Batch<F>[] {
  return Array.from({ length: count }, () => loader.next() as Batch<F>);
}

const keyOf = ({ sizes }: Batch): string => JSON.stringify(sizes);

/** The texts of the rows that count, as ids. */
function textsOf(batches: readonly Batch[], field = 'ids', lengths = 'lengths'): string[] {
  return batches.flatMap(({ arrays, sizes: { N }, rows = N }) =>
    Array.from({ length: rows }, (_, n) =>
      Array.from({ length: arrays[lengths][n] }, (_, t) => arrays[field][t * N + n]).join(''),
    ),
  );
}

const encoded = (rows: readonly { readonly text: string }[]): string[] =>
  rows.map(({ text }) => Array.from(abc.encode(text)).join(''));

describe('batches of a data set', () => {
  it('have at most four sizes in three epochs, mixed', () => {
    const source = classified(500, { batch: 16 });
    const loader = source.loader({ seed: 5 });
    const per = loader.batchesPerEpoch;
    expect(per).toBe(Math.ceil(500 / 16));
    const batches = take(loader, 3 * per);
    const sizes = new Set(batches.map(keyOf));
    expect(sizes.size).toBeGreaterThan(1);
    expect(sizes.size).toBeLessThanOrEqual(4);
    for (let epoch = 0; epoch < 3; epoch++) {
      const own = batches.slice(epoch * per, (epoch + 1) * per);
      expect(own.every((batch, index) => batch.epoch === epoch && batch.index === index)).toBe(true);
      // In a random order the size changes after most batches.
      const changes = own.filter((batch, i) => i > 0 && keyOf(batch) !== keyOf(own[i - 1])).length;
      expect(changes).toBeGreaterThan(per / 2);
    }
  });

  it('continue from a checkpoint of an earlier version in its order, in runs of one size', () => {
    const source = classified(500, { batch: 16 });
    const fresh = source.loader({ seed: 5 });
    const { order, ...state } = fresh.state();
    expect(order).toMatch(/^records in shuffled batches of N = 16, T = /);
    const before = { ...state, order: order.replace('shuffled ', ''), index: 3 };
    fresh.restore(before);
    expect(fresh.state()).toEqual(before);
    const all = source.loader({ seed: 5 });
    all.restore({ ...before, index: 0 });
    const epoch = take(all, all.batchesPerEpoch);
    expect(take(fresh, all.batchesPerEpoch - 3)).toEqual(epoch.slice(3));
    // Runs of eight batches need only this many changes of size.
    const counts = new Map<string, number>();
    for (const batch of epoch) counts.set(keyOf(batch), (counts.get(keyOf(batch)) ?? 0) + 1);
    const runs = [...counts.values()].reduce((sum, count) => sum + Math.ceil(count / 8), 0);
    const changes = epoch.filter((batch, i) => i > 0 && keyOf(batch) !== keyOf(epoch[i - 1])).length;
    expect(changes).toBeLessThan(runs + 1); // one more for the batch that is left over
    expect(textsOf(epoch).sort()).toEqual(encoded(ragged(500)).sort());
    // The present order is another one.
    const now = source.loader({ seed: 5 });
    expect(textsOf(take(now, now.batchesPerEpoch))).not.toEqual(textsOf(epoch));
    const other = { ...before, order: order.replace('N = 16', 'N = 8') };
    expect(() => fresh.restore(other)).toThrow(/continue with the same text, batch/);
  });

  it('have every record once in an epoch, in a different order for each epoch and seed', () => {
    const source = classified(100, { batch: 16 });
    const loader = source.loader({ seed: 5 });
    const epochs = [0, 1].map(() => textsOf(take(loader, loader.batchesPerEpoch)));
    const all = encoded(ragged(100)).sort();
    for (const texts of epochs) expect([...texts].sort()).toEqual(all);
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(textsOf(take(source.loader({ seed: 6 }), loader.batchesPerEpoch))).not.toEqual(epochs[0]);
    expect(textsOf(take(source.loader({ seed: 5 }), loader.batchesPerEpoch))).toEqual(epochs[0]);
    const own = classified(100, { batch: 16, seed: 6 }).loader({ seed: 5 });
    expect(textsOf(take(own, own.batchesPerEpoch))).not.toEqual(epochs[0]);
  });

  it('have less than half the padding of a single size', () => {
    const source = classified(500, { batch: 16 });
    const loader = source.loader();
    const padding = (batches: readonly Batch[]): number =>
      batches.reduce(
        (sum, { arrays: { lengths }, sizes: { T, N } }) =>
          sum + T * N - Array.from(lengths).reduce((a, b) => a + b),
        0,
      );
    const single = classified(500, { batch: 16, buckets: [40] }).loader();
    const [own, whole] = [loader, single].map((each) => padding(take(each, each.batchesPerEpoch)));
    expect(own).toBeLessThan(0.5 * whole);
  });

  it('fill up the last batch with rows that do not count', () => {
    const source = classified(20, { batch: 8, buckets: [40] });
    const batch = take(source.loader(), 3)[2];
    expect([batch.rows, batch.count, batch.sizes.N]).toEqual([4, 4, 8]);
    expect(Array.from(batch.arrays.labels.subarray(4))).toEqual([2, 2, 2, 2]);
    expect(Array.from(batch.arrays.lengths.subarray(4))).toEqual([1, 1, 1, 1]);
    for (let t = 0; t < 40; t++) expect(batch.arrays.ids[t * 8 + 7]).toBe(abc.size);
  });

  it('have fewer rows at the end if targets are numbers, or drop them', () => {
    const rows = ragged(20).map(({ id, text }) => ({ text, y: id }));
    const make = (dropLast: boolean) =>
      dataset(records.of(rows), [tokens('text', abc), numbers('y')], { batch: 8, buckets: [40], dropLast });
    const batches = take(make(false).loader(), 3);
    expect(batches.map(({ sizes: { N }, count, rows: own }) => [N, count, own])).toEqual([
      [8, 8, undefined],
      [8, 8, undefined],
      [4, 4, undefined],
    ]);
    const full = make(true);
    expect(full.loader().batchesPerEpoch).toBe(2);
    expect(take(full.loader(), 6).every(({ sizes: { N } }) => N === 8)).toBe(true);
    // An evaluation drops nothing.
    expect(full.examination({}).loader.batchesPerEpoch).toBe(3);
  });

  it('choose buckets by the lengths of sources and targets', () => {
    const rows = ragged(300);
    const columns = [sourceTokens('text', abc), targetTokens('reversed', abc)] as const;
    const source = dataset(records.of(rows), columns, { batch: 16 });
    expect(source.sizes.length).toBeGreaterThan(1);
    expect(source.sizes.length).toBeLessThanOrEqual(4);
    for (const [i, { S, T }] of source.sizes.entries())
      if (i > 0)
        expect([S, T]).toEqual([Math.max(S, source.sizes[i - 1].S), Math.max(T, source.sizes[i - 1].T)]);
    const loader = source.loader();
    const batches = take(loader, loader.batchesPerEpoch);
    expect(textsOf(batches, 'source', 'sourceLengths').sort()).toEqual(encoded(rows).sort());
    const symbols = rows.reduce((sum, { text }) => sum + text.length + 1, 0);
    expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(symbols);
  });

  it('have the given sizes, or name the record that is longer than all of them', () => {
    const source = classified(60, { batch: 8, buckets: [40, 10, { T: 20 }] });
    expect(source.sizes).toEqual([{ T: 10 }, { T: 20 }, { T: 40 }]);
    const rows = [{ text: 'ab' }, { text: 'abcabc' }];
    const make = (buckets: DatasetOptions['buckets']) =>
      dataset(records.of(rows), [tokens('text', abc)], { batch: 1, ...(buckets ? { buckets } : {}) });
    expect(() => make([3, 5])).toThrow(
      'Record 1: lengths do not fit: it has T = 6, but the largest bucket is T = 5. Add a larger bucket, or ' +
        'cut the record (longest).',
    );
    expect(() => make([])).toThrow("buckets: expected 'auto' or a list of sizes");
    expect(() => make([{ S: 5 }])).toThrow(
      'buckets, T: expected a whole number of at least 1, got undefined.',
    );
    const pairs = [{ text: 'a', to: 'b' }];
    const both = [sourceTokens('text', abc), targetTokens('to', abc)];
    expect(() =>
      dataset(records.of(pairs), both, {
        batch: 1,
        buckets: [
          { S: 9, T: 2 },
          { S: 2, T: 10 },
        ],
      }),
    ).toThrow('each is at least as large as those before it');
  });
});

describe('a loader', () => {
  it('continues exactly in the middle of an epoch, and refuses another order', () => {
    const source = classified(100, { batch: 8 });
    const loader = source.loader({ seed: 3 });
    take(loader, loader.batchesPerEpoch + 5);
    const state = JSON.parse(JSON.stringify(loader.state())) as ReturnType<typeof loader.state>;
    expect([state.epoch, state.index]).toEqual([1, 5]);
    const expected = take(loader, 20);
    const again = classified(100, { batch: 8 }).loader({ seed: 3 });
    again.restore(state);
    expect(take(again, 20)).toEqual(expected);
    expect(() => classified(100, { batch: 8 }).loader({ seed: 4 }).restore(state)).toThrow('saved position');
    expect(() =>
      classified(100, { batch: 8, buckets: [40] })
        .loader({ seed: 3 })
        .restore(state),
    ).toThrow('saved position');
    expect(() => classified(100, { batch: 8 }, 2).loader({ seed: 3 }).restore(state)).toThrow(
      'saved position',
    );
  });

  it('has a fingerprint that is equal for equal records and differs for others', () => {
    const rows = ragged(30);
    const of = (changed: typeof rows, tokenizer = abc) =>
      dataset(records.of(changed), [tokens('text', tokenizer), classes('label', names)], { batch: 4 })
        .fingerprint;
    const print = of(rows);
    expect(of(ragged(30))).toBe(print);
    const different = [
      of(rows.map((row) => (row.id === 29 ? { ...row, label: row.label === 'no' ? 'yes' : 'no' } : row))),
      of(rows.map((row) => (row.id === 7 ? { ...row, text: `${row.text}a` } : row))),
      of(rows.slice(1)),
      of([...rows.slice(1), rows[0]]),
      of(rows, characters(['abcd'])),
    ];
    expect(new Set([print, ...different]).size).toBe(6);
    const float = (x: number) =>
      dataset(records.of([{ x: [x, 1] }]), [features('x', { size: 1 })], { batch: 1 }).fingerprint;
    expect(float(0.1)).not.toBe(float(0.1000001));
  });
});

describe('an examination', () => {
  it('has every record once, always in the same order', () => {
    const source = classified(50, { batch: 8 });
    const examined = () => {
      const { loader } = source.examination({});
      return textsOf(take(loader, loader.batchesPerEpoch));
    };
    expect(examined().sort()).toEqual(encoded(ragged(50)).sort());
    expect(examined()).toEqual(examined());
    const { loader } = source.examination({ batch: 5, batches: 2 });
    expect([loader.batchesPerEpoch, take(loader, 1)[0].sizes.N]).toEqual([2, 5]);
  });
});

describe('batches for predictions', () => {
  it('need no targets, and report the record of each row', () => {
    const rows = ragged(21).map(({ text }) => ({ text }));
    const columns = [tokens('text', abc), tags('tags', names)];
    const batches = predictionBatches(rows, columns, { batch: 4 });
    const found: string[] = [];
    for (const { batch, records: places } of batches) {
      expect([batch.count, batch.sizes.N]).toEqual([0, 4]);
      expect(Array.from(batch.arrays.tags).every((tag) => tag === 2)).toBe(true);
      for (const [n, text] of textsOf([batch]).entries()) found[places[n]] = text;
    }
    expect(found).toEqual(encoded(rows));
    const decoder = predictionBatches(rows, [sourceTokens('text', abc), targetTokens('to', abc)]);
    expect(decoder[0].batch.sizes.T).toBe(1);
    expect(Array.from(decoder[0].batch.arrays.targets).every((id) => id === abc.size)).toBe(true);
  });

  it('scale by the statistics of the training data', () => {
    const column = features('x', { size: 1, normalize: 'standard' });
    const { columns } = dataset(records.of([{ x: [0, 4] }]), [column], { batch: 1 });
    expect(Array.from(predictionBatches([{ x: [6] }], columns)[0].batch.arrays.x)).toEqual([2]);
    // The statistics of a target are not needed, because its entry is not read.
    const target = numbers('y', { normalize: 'standard' });
    expect(predictionBatches([{ x: [6] }], [columns[0], target])[0].batch.arrays.y).toEqual(
      Float32Array.of(0),
    );
    expect(() => predictionBatches([{ x: [6] }], [column])).toThrow(
      'columns: expected columns with the statistics of the training records',
    );
  });
});
