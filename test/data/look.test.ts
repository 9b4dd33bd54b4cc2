import { describe, expect, it } from 'vitest';
import { OptionError, records } from '../../src/index.js';
import { lookAt } from '../../src/graph.js';

/** Twenty records of ten texts with 1 to 10 letters. Each text occurs twice. There are two labels. */
const rows = Array.from({ length: 20 }, (_, i) => ({
  text: 'a'.repeat(1 + (i % 10)),
  label: i < 15 ? 'good' : 'bad',
}));

describe('a look at records', () => {
  it('reports labels with counts, quantiles of lengths, and the buckets of auto', () => {
    const { records: count, repeated, columns } = lookAt(records.of(rows), { validation: 0, batch: 10 });
    // Texts repeat with their label where i < 5: rows 10 to 14.
    expect([count, repeated]).toEqual([20, 5]);
    const [text, label] = columns;
    // Each text occurs twice, so the texts look like labels too.
    expect(text).toMatchObject({ name: 'text', empty: 0, distinct: 10 });
    expect(text.labels).toContainEqual(['aaa', 2]);
    expect(text.lengths).toBeUndefined();
    expect(label).toEqual({
      name: 'label',
      empty: 0,
      distinct: 2,
      labels: [
        ['good', 15],
        ['bad', 5],
      ],
    });
  });

  it('reports texts as sequences if they are different', () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({ text: 'b'.repeat(i + 1) }));
    const [text] = lookAt(records.of([...texts, { text: ' ' }]), { validation: 0, batch: 10 }).columns;
    expect(text).toMatchObject({ empty: 1, distinct: 21 });
    // The quantiles of 1, 1, 2, 3 … 20 have the ranks 1, 6, 11, 16, 20, 21.
    expect(text.lengths).toEqual({ min: 1, quarter: 5, median: 10, threeQuarters: 15, most95: 19, max: 20 });
    // Two batches of ten allow two sizes at most. The fewest steps are 10·9 + 11·20 = 310.
    expect(text.buckets).toEqual([9, 20]);
  });

  it('counts duplicates between the parts, and unknown symbols of the held-out one', () => {
    const all = records.of([
      ...Array.from({ length: 30 }, (_, i) => ({ source: `abc ${i}`, target: `x ${i} y` })),
      ...Array.from({ length: 10 }, () => ({ source: 'the same 😀', target: 'das gleiche' })),
    ]);
    const { train, validation } = all.split(0.25, { seed: 2 });
    const look = lookAt(all, { validation: 0.25, seed: 2, tokens: 'words' });
    const same = [...validation].filter(({ source }) => source.startsWith('the')).length;
    expect(same).toBeGreaterThan(0);
    expect([...train].some(({ source }) => source.startsWith('the'))).toBe(true);
    expect(look.split).toEqual({ train: 30, validation: 10, shared: same });
    expect(look.columns[0]).toMatchObject({
      name: 'source',
      shared: same,
      // Every second row has its number, which no row of the training part has.
      unknown: { count: 10 - same, of: 2 * (10 - same) + 3 * same },
    });
    const numbers = [...validation].flatMap(({ source }) => /\d+/.exec(source) ?? []);
    expect([...(look.columns[0].unknown?.symbols ?? [])].sort()).toEqual(numbers.sort());
    // S has 2 or 3 words. T has 3 or 2 words and its end.
    expect(look.pairBuckets).toEqual([{ S: 3, T: 4 }]);
  });

  it('reads lists of tags, numbers and arrays', () => {
    const image = (level: number) => Float32Array.of(0, level, 1);
    const all = records.of([
      { tags: ['O', 'B'], size: 3, image: image(0.5) },
      { tags: ['O'], size: 4, image: image(0.25) },
      { tags: [], size: 5, image: image(0.5) },
    ]);
    const [tags, size, images] = lookAt(all, { validation: 0 }).columns;
    expect(tags).toMatchObject({ empty: 1, distinct: 3, lengths: { min: 0, median: 1, max: 2 } });
    expect(tags.labels).toBeUndefined(); // two names in three places are too few to tell
    expect(size).toEqual({ name: 'size', empty: 0, distinct: 3 });
    expect(images).toMatchObject({ distinct: 2, lengths: { min: 3, max: 3 }, buckets: [3] });
    const more = records.of(Array.from({ length: 4 }, () => ({ tags: ['O', 'B', 'O'] })));
    expect(lookAt(more, { validation: 0 }).columns[0].labels).toEqual([
      ['O', 8],
      ['B', 4],
    ]);
  });

  it('refuses wrong options', () => {
    expect(() => lookAt(records.of(rows), { tokens: 'bytes' as 'words' })).toThrow(OptionError);
    expect(() => lookAt(records.of(rows), { batch: 0 })).toThrow('batch');
    expect(() => lookAt(records.of(rows), { validation: 1 })).toThrow('validation');
    expect(() => lookAt(records.of(rows), { share: 0.1 } as object)).toThrow('lookAt.share');
  });
});
