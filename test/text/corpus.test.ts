import { describe, expect, it } from 'vitest';
import { DataError, OptionError } from '../../src/core/errors.js';
import { charModel, openDevice, sgd, Trainer } from '../../src/index.js';
import { Corpus } from '../../src/text/corpus.js';
import { blobSink } from '../../src/text/blocked-ids.js';
import type { IdSource } from '../../src/text/ids.js';
import { Vocabulary } from '../../src/text/vocabulary.js';

const all = async (ids: IdSource): Promise<number[]> => [...(await ids.read(0, ids.length))];
const blob = (...bytes: number[]): Blob => new Blob([Uint8Array.from(bytes)]);
const repeated = (...bytes: number[]): Blob =>
  blob(
    ...Array.from({ length: 20 }, () => [
      ...new TextEncoder().encode('a long line of text '),
      ...bytes,
    ]).flat(),
  );

describe('Corpus.fromText', () => {
  it('has a vocabulary and the ids of every character', async () => {
    const corpus = Corpus.fromText('banana🙂');
    expect(corpus.vocabulary.symbols).toEqual(['a', 'b', 'n', '🙂']);
    expect(await all(corpus.ids)).toEqual([1, 0, 2, 0, 2, 0, 3]);
    expect(corpus.characters).toBe(7);
    expect(corpus.length).toBe(7);
    expect(corpus.warnings).toEqual([]);
    expect(await corpus.text(1, 3)).toBe('ana');
    expect(await corpus.text(5, 30)).toBe('a🙂');
  });

  it('reads ids of text in memory at once, without a promise or a copy', () => {
    const { ids } = Corpus.fromText('banana');
    const [one, other] = [ids.read(1, 3), ids.read(2, 3)];
    if (one instanceof Promise || other instanceof Promise) throw new Error('Expected ids, not a promise.');
    expect(one).toEqual(Uint8Array.of(0, 2, 0));
    expect(one.buffer).toBe(other.buffer);
  });

  it('keeps line ends, or turns each into one space', async () => {
    const text = 'a\r\nb\rc\nd\r\n\r\ne\n\nf';
    expect(await Corpus.fromText(text).text(0, 99)).toBe(text);
    expect(await Corpus.fromText(text, { newlines: 'space' }).text(0, 99)).toBe('a b c d  e  f');
  });

  it('counts the limit in characters after line ends were changed', async () => {
    expect(await Corpus.fromText('a\r\n🙂cdef', { newlines: 'space', limit: 4 }).text(0, 99)).toBe('a 🙂c');
    expect(Corpus.fromText('abcdef', { limit: 3 }).vocabulary.size).toBe(3);
    expect(Corpus.fromText('abcdef', { limit: 99 }).length).toBe(6);
  });

  it('uses a given vocabulary, and warns about unknown characters', async () => {
    const corpus = Corpus.fromText('abcdcb', { vocabulary: Vocabulary.fromText('abx') });
    expect(await all(corpus.ids)).toEqual([0, 1, 3, 3, 3, 1]);
    expect(corpus.warnings).toEqual([
      '3 characters are not in the vocabulary and become unknown: "c", "d", ….',
    ]);
    expect(() => Corpus.fromText('猫狗', { vocabulary: Vocabulary.fromText('ab') })).toThrow(
      'None of the 2 characters is in the vocabulary of 2 symbols',
    );
  });

  it('makes rare characters unknown on request', async () => {
    const corpus = Corpus.fromText('aabbaac', { minCount: 2 });
    expect(await all(corpus.ids)).toEqual([0, 0, 1, 1, 0, 0, 2]);
    expect(corpus.warnings).toEqual(['1 character is not in the vocabulary and becomes unknown: "c".']);
  });

  it('refuses binary data, and reports the offset', () => {
    expect(() => Corpus.fromText('')).toThrow(
      new DataError('The text is empty: training needs at least two characters, an input and its target.'),
    );
    expect(() => Corpus.fromText('猫')).toThrow('The text has a single character');
    expect(() => Corpus.fromText('ab\0c')).toThrow(
      'The text is not a text: a NUL character at offset 2. Choose a text file in UTF-8.',
    );
    expect(() => Corpus.fromText('ab\x01\x02\x03', { name: '"x"' })).toThrow(
      '"x" is not a text in UTF-8: 60 % of its first 5 characters are invalid or control characters, ' +
        'the first at character offset 2.',
    );
  });

  it('replaces lone surrogates, and warns', async () => {
    const corpus = Corpus.fromText('ab\ud800cd');
    expect(await corpus.text(0, 9)).toBe('ab\uFFFDcd');
    expect(corpus.warnings).toEqual(['1 lone surrogate was replaced by U+FFFD.']);
  });

  it('refuses wrong options by name', () => {
    expect(() => Corpus.fromText('abc', { limit: 1 })).toThrow(OptionError);
    expect(() => Corpus.fromText('abc', { newlines: 'lf' as 'keep' })).toThrow(
      'newlines: expected one of keep, space, got "lf".',
    );
    expect(() => Corpus.fromText('abc', { limits: 3 } as object)).toThrow('corpus.limits');
  });

  it('warns about a text of one symbol', () => {
    expect(Corpus.fromText('aaaa').warnings).toEqual([
      'The vocabulary has a single symbol: there is nothing to predict.',
    ]);
  });
});

describe('Corpus.fromIds', () => {
  it('has plain numbers as vocabulary', async () => {
    const corpus = Corpus.fromIds(Int32Array.of(3, 0, 2));
    expect(corpus.vocabulary.size).toBe(4);
    expect(await all(corpus.ids)).toEqual([3, 0, 2]);
    expect(Corpus.fromIds([1, 0], { vocabularySize: 300 }).vocabulary.size).toBe(300);
    expect(await Corpus.fromIds([1, 0], { vocabulary: Vocabulary.fromText('ab') }).text(0, 2)).toBe('ba');
  });

  it('takes streams side by side', async () => {
    const corpus = Corpus.fromIds([0, 10, 1, 11, 2, 12, 3, 13], { streams: 2 });
    expect([corpus.length, corpus.characters]).toEqual([4, 8]);
    expect(await corpus.text(1, 2)).toBe('[1] [2]');
    const { train, validation } = corpus.split(0.5);
    expect([await all(train.ids), await all(validation.ids), validation.streams]).toEqual([
      [0, 10, 1, 11],
      [2, 12, 3, 13],
      2,
    ]);
  });

  it('examines streams row by row, with each id but the first as a target once', async () => {
    const steps = Array.from({ length: 250 }, (_, t) => t);
    const corpus = Corpus.fromIds(
      steps.flatMap((t) => [t % 7, (t * t) % 5]),
      { streams: 2 },
    );
    const { loader } = corpus.examination({});
    const found: number[][] = [[], []];
    const keeps: number[] = [];
    let count = 0;
    for (let left = loader.batchesPerEpoch; left > 0; left--) {
      const { arrays, sizes, count: own } = await loader.next();
      expect(sizes.N).toBe(2);
      count += own;
      keeps.push(...arrays.keep);
      arrays.targets.forEach((id, i) => id < corpus.vocabulary.size && found[i % 2].push(id));
    }
    expect(found).toEqual([steps.slice(1).map((t) => t % 7), steps.slice(1).map((t) => (t * t) % 5)]);
    expect([count, keeps]).toEqual([2 * 249, [0, 0, 1, 1, 1, 1]]);
    expect(() => corpus.examination({ batch: 3 })).toThrow('batch: expected 2, one row for each stream');

    const model = charModel({ vocabulary: corpus.vocabulary, hidden: 4 });
    const device = await openDevice({ backend: 'cpu' });
    const trainer = await Trainer.create(model, { device, optimizer: sgd() });
    const both = await trainer.evaluate(corpus);
    const single = await Promise.all(
      [0, 1].map((n) => {
        const ids = steps.map((t) => [t % 7, (t * t) % 5][n]);
        return trainer.evaluate(Corpus.fromIds(ids, { vocabulary: corpus.vocabulary }));
      }),
    );
    expect(both.count).toBe(498);
    expect(both.loss).toBeCloseTo((single[0].loss + single[1].loss) / 2, 5);
    trainer.dispose();
  });

  it('refuses ids outside the vocabulary, ragged streams and too few ids', () => {
    expect(() => Corpus.fromIds([0, -1, 2])).toThrow('Id 1 is -1: expected a whole number from 0 to 2.');
    expect(() => Corpus.fromIds([0, 5], { vocabularySize: 5 })).toThrow(
      'Id 1 is 5: expected a whole number from 0 to 4.',
    );
    expect(() => Corpus.fromIds([0, 1.5, 3])).toThrow('Id 1 is 1.5');
    expect(() => Corpus.fromIds([0, 1, 2], { streams: 2 })).toThrow('3 ids cannot be cut into 2 streams');
    expect(() => Corpus.fromIds([0, 1], { streams: 2 })).toThrow('at least two');
    expect(() => Corpus.fromIds([])).toThrow(DataError);
  });
});

describe('Corpus.split', () => {
  it('holds back the last part, without a copy', async () => {
    const corpus = Corpus.fromText('abcdefghij');
    const { train, validation } = corpus.split(0.25);
    expect(await train.text(0, 99)).toBe('abcdefgh');
    expect(await validation.text(0, 99)).toBe('ij');
    expect(train.vocabulary).toBe(corpus.vocabulary);
    expect((train.ids.read(0, 1) as Uint8Array).buffer).toBe((corpus.ids.read(0, 1) as Uint8Array).buffer);
    expect(() => validation.ids.read(1, 2)).toThrow(RangeError);
  });

  it('refuses fractions that leave too little', () => {
    expect(() => Corpus.fromText('abcdefghij').split(0.1)).toThrow(
      'cuts 10 characters into 9 and 1: both parts need at least two.',
    );
    expect(() => Corpus.fromText('abcdefghij').split(1)).toThrow(
      'validation: expected a number from 0 to below 1, got 1.',
    );
  });
});

describe('Corpus.fromBlob', () => {
  it('reads UTF-8 like a string, dropping a byte-order mark', async () => {
    const text = '猫 and 🙂\r\n'.repeat(50);
    const corpus = await Corpus.fromBlob(new Blob(['\uFEFF', text]), { newlines: 'space', limit: 300 });
    const same = Corpus.fromText(text, { newlines: 'space', limit: 300 });
    expect(corpus.vocabulary.symbols).toEqual(same.vocabulary.symbols);
    expect(await all(corpus.ids)).toEqual(await all(same.ids));
    expect(corpus.warnings).toEqual([]);
  });

  it('replaces, counts and reports invalid UTF-8', async () => {
    const corpus = await Corpus.fromBlob(repeated(0xff));
    expect(corpus.warnings).toEqual(['20 invalid UTF-8 sequences were replaced by U+FFFD.']);
    expect(corpus.vocabulary.has('\uFFFD')).toBe(true);
    expect((await Corpus.fromBlob(repeated(0xef, 0xbf, 0xbd))).warnings).toEqual([]);
    expect((await Corpus.fromBlob(repeated(0xff), { limit: 42 })).warnings).toEqual([
      '2 invalid UTF-8 sequences were replaced by U+FFFD.',
    ]);
    expect((await Corpus.fromBlob(blob(0x61, 0x62, 0x63, 0xe7, 0x8c))).warnings).toEqual([
      '1 invalid UTF-8 sequence was replaced by U+FFFD.',
    ]);
  });

  it('refuses binary, empty and one-character files with the name of the file', async () => {
    await expect(Corpus.fromBlob(new File(['ab\0'], 'x.bin'))).rejects.toThrow(
      '"x.bin" is not a text: a NUL byte at offset 2. Choose a text file in UTF-8.',
    );
    await expect(Corpus.fromBlob(new File([], 'x.txt'))).rejects.toThrow('"x.txt" is empty');
    await expect(Corpus.fromBlob(blob(0xef, 0xbb, 0xbf))).rejects.toThrow('The text is empty');
    await expect(Corpus.fromBlob(new Blob(['🙂']))).rejects.toThrow('The text has a single character');
    // "四季" in GBK.
    await expect(Corpus.fromBlob(blob(0xcb, 0xc4, 0xbc, 0xbe))).rejects.toThrow(
      'The text is not a text in UTF-8: 67 % of its first 3 characters',
    );
  });
});

describe('blobSink', () => {
  it('returns any range of the written ids, across blocks, in every width', async () => {
    for (const largest of [200, 60_000, 1_000_000]) {
      const sink = blobSink(largest);
      const expected = Uint32Array.from({ length: 50_001 }, (_, i) => (i * 7919) % (largest + 1));
      const Type = largest < 256 ? Uint8Array : largest < 65536 ? Uint16Array : Uint32Array;
      for (let i = 0; i < expected.length; i += 12_345)
        sink.write(Type.from(expected.subarray(i, i + 12_345)));
      const source = sink.finish();
      expect(source.length).toBe(expected.length);
      for (const [start, count] of [
        [0, 50_001],
        [16_380, 9],
        [50_000, 1],
        [4_095, 2],
        [7, 0],
        [100, 40_000],
      ]) {
        expect([...(await source.read(start, count))], `${largest} ${start} ${count}`).toEqual([
          ...expected.subarray(start, start + count),
        ]);
      }
      expect(() => source.read(50_000, 2)).toThrow(RangeError);
    }
  });

  it('answers without a promise if the block has been read before', async () => {
    const sink = blobSink(9);
    sink.write(Uint8Array.of(1, 2, 3));
    const source = sink.finish();
    expect(source.read(0, 2)).toBeInstanceOf(Promise);
    await source.read(0, 2);
    expect(source.read(1, 2)).toEqual(Uint8Array.of(2, 3));
  });
});
