import { describe, expect, it } from 'vitest';
import { characters, DataError, OptionError, words, type Tokenizer } from '../../../src/index.js';
import { registerTokenizer, tokenizerFromJSON } from '../../../src/graph.js';

const json = (tokenizer: Tokenizer): unknown => JSON.parse(JSON.stringify(tokenizer));

describe('characters', () => {
  const tokenizer = characters(['abba', 'cab', '犬']);

  it('has the code points in ascending order, then begin and end; V is unknown', () => {
    const { size, begin, end, unknown } = tokenizer;
    expect([size, begin, end, unknown]).toEqual([6, 4, 5, 6]);
    expect([...Array.from(tokenizer.encode('a犬zb'))]).toEqual([0, 3, 6, 1]);
    expect(tokenizer.idOf?.('犬')).toBe(3);
    expect(tokenizer.idOf?.('ab')).toBe(6);
  });

  it('decodes without begin and end, and with a character for unknown symbols', () => {
    expect(tokenizer.decode([4, 2, 0, 1, 6, 5])).toBe('cab\uFFFD');
    expect(() => tokenizer.decode([7])).toThrow(
      'This tokenizer of 6 symbols has no id 7: expected 0 to 6, the last for unknown symbols.',
    );
  });

  it('leaves out rare characters', () => {
    expect(characters(['aab'], { minCount: 2 }).size).toBe(3);
    expect(() => characters(['ab'], { minCount: 2 })).toThrow('minCount 2 leaves no character');
  });
});

describe('words', () => {
  it('splits at spaces and punctuation, and restores the spaces', () => {
    const text = "Don't stop (now), it's well-known: 3.5!";
    const tokenizer = words([text]);
    const ids = Array.from(tokenizer.encode(text));
    expect(ids.map((id) => tokenizer.decode([id]))).toEqual([
      ...["Don't", 'stop', '(', 'now', ')', ',', "it's", 'well-known', ':', '3', '.', '5', '!'],
    ]);
    expect(tokenizer.decode(ids)).toBe("Don't stop (now), it's well-known: 3. 5!");
    expect(Array.from(tokenizer.encode(tokenizer.decode(ids)))).toEqual(ids);
  });

  it('orders by frequency, then by code units', () => {
    const { symbols } = json(words(['b a b', 'c a b'])) as { readonly symbols: readonly string[] };
    expect(symbols).toEqual(['b', 'a', 'c']);
  });

  it('splits Chinese and Japanese, which have no spaces, and joins them without spaces', () => {
    const text = '我们喜欢音乐。私は学生です';
    const tokenizer = words([text]);
    const ids = Array.from(tokenizer.encode(text));
    const found = ids.map((id) => tokenizer.decode([id]));
    expect(found).toEqual(expect.arrayContaining(['我们', '喜欢', '音乐', '。', '学生']));
    expect(tokenizer.decode(ids)).toBe(text);
  });

  it('has minCount, lowercase and a split of its own', () => {
    const tokenizer = words(['The cat-the dog'], { minCount: 2, lowercase: true, split: /[\s-]+/ });
    expect(tokenizer.size).toBe(3);
    expect(Array.from(tokenizer.encode('THE cat'))).toEqual([0, 3]);
    expect(tokenizer.idOf?.('The')).toBe(0);
    expect(() => words(['a b'], { minCount: 2 })).toThrow('minCount 2 leaves no word');
    expect(() => words([' '])).toThrow('the texts have none');
  });

  it('refuses a single text and wrong options', () => {
    expect(() => words('the cat')).toThrow('texts: expected an array of texts');
    expect(() => characters([5] as unknown as string[])).toThrow(OptionError);
    expect(() => words(['a'], { split: ' ' as unknown as RegExp })).toThrow('a regular expression');
    expect(() => words(['a'], { lower: true } as object)).toThrow('words.lower');
  });
});

describe('the registry', () => {
  it('makes equal tokenizers from JSON', () => {
    for (const tokenizer of [
      characters(['héllo']),
      words(['Hello, hello world']),
      words(['A-b a'], { lowercase: true, split: /-| /u }),
    ]) {
      const again = tokenizerFromJSON(json(tokenizer));
      expect(json(again)).toEqual(json(tokenizer));
      for (const text of ['hello', 'Hello, A-b', 'world a'])
        expect(Array.from(again.encode(text))).toEqual(Array.from(tokenizer.encode(text)));
    }
  });

  it('reads a registered kind of the user', () => {
    const bytes = (): Tokenizer => ({
      kind: 'bytes',
      size: 258,
      begin: 256,
      end: 257,
      unknown: 258,
      encode: (text) => new TextEncoder().encode(text),
      decode: (ids) =>
        new TextDecoder().decode(Uint8Array.from(Array.from(ids)).filter((_, i) => ids[i] < 256)),
      toJSON: () => ({ kind: 'bytes' }),
    });
    expect(() => tokenizerFromJSON({ kind: 'bytes' })).toThrow(
      'The tokenizer is of the kind "bytes"; known kinds are characters, words, bpe.',
    );
    registerTokenizer('bytes', bytes);
    const again = tokenizerFromJSON(json(bytes()));
    expect(again.decode(again.encode('é'))).toBe('é');
  });

  it('refuses data of another form', () => {
    expect(() => tokenizerFromJSON({ symbols: [] })).toThrow('needs its kind, but got {"symbols":[]}');
    expect(() => tokenizerFromJSON({ kind: 'words' })).toThrow(DataError);
    expect(() => tokenizerFromJSON({ kind: 'characters' })).toThrow(DataError);
    expect(() => registerTokenizer('words', () => characters(['a']))).toThrow('a name other than characters');
    registerTokenizer('broken', () => ({}) as Tokenizer);
    expect(() => tokenizerFromJSON({ kind: 'broken' })).toThrow('must return a tokenizer');
  });
});
