import { describe, expect, it } from 'vitest';
import { bpe, DataError, OptionError } from '../../../src/index.js';
import { tokenizerFromJSON } from '../../../src/graph.js';

/** The map of GPT-2, written independently: 188 visible bytes are their own characters. */
function byteSymbols(): string[] {
  const visible = [
    [0x21, 0x7e],
    [0xa1, 0xac],
    [0xae, 0xff],
  ].flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  const hidden = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !visible.includes(byte));
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(visible.includes(byte) ? byte : 256 + hidden.indexOf(byte)),
  );
}

/** A tokenizer.json: ids 0 to 255 are bytes, then the merges in their order, then an added token. */
function file(merges: readonly string[], changes: object = {}): Record<string, unknown> {
  const tokens = [...byteSymbols(), ...merges.map((merge) => merge.replace(' ', ''))];
  return {
    version: '1.0',
    added_tokens: [{ id: tokens.length, content: '<|end|>', special: true }],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
    ...changes,
  };
}

const MERGES = ['h e', 'l l', 'he ll', 'hell o', 'Ġ w', 'l d', 'a a'];
const ids = (tokenizer: ReturnType<typeof bpe>, text: string): number[] => Array.from(tokenizer.encode(text));
const code = (text: string): number[] => Array.from(new TextEncoder().encode(text));

describe('byte-level BPE', () => {
  const tokenizer = bpe(file(MERGES));

  it('merges the pair of the lowest rank first, everywhere', () => {
    // he ll o → hell o → hello (259). The space belongs to its word: Ġw (260) o r ld (261).
    expect(ids(tokenizer, 'hello world')).toEqual([259, 260, ...code('or'), 261]);
    // l l comes before he ll, and l d after: h e l l d → he ll d → hell d.
    expect(ids(tokenizer, 'helld')).toEqual([258, ...code('d')]);
    expect(ids(tokenizer, 'aaaaa')).toEqual([262, 262, ...code('a')]);
    expect([tokenizer.begin, tokenizer.end, tokenizer.size, tokenizer.unknown]).toEqual([264, 265, 266, 266]);
    expect([tokenizer.idOf?.('hello'), tokenizer.idOf?.('wor')]).toEqual([259, 266]);
  });

  it('encodes characters without merges as bytes of UTF-8', () => {
    expect(ids(tokenizer, '😀')).toEqual([0xf0, 0x9f, 0x98, 0x80]);
    expect(ids(tokenizer, '\n\u00ad')).toEqual([0x0a, 0xc2, 0xad]);
  });

  it('splits as GPT-2 does: no merge crosses words, digits or punctuation', () => {
    const across = bpe(file(['a 1', 'b !', "a '", 'Ġ Ġ', 'Ġ a', "' s"]));
    expect(ids(across, 'a1b!')).toEqual(code('a1b!'));
    expect(ids(across, "a's")).toEqual([...code('a'), 261]);
    // Of three spaces before a word, the last is the word's.
    expect(ids(across, '   a')).toEqual([259, 260]);
  });

  it('decodes any encoded text to the same text', () => {
    const texts = [
      '',
      ' ',
      '\uFEFFx\r\n\t  y ',
      '我们 喜欢音乐。',
      '👩‍👩‍👧 e\u0301 \0',
      'hello<|end|>hello',
      'x\u0085\u00a0 y',
    ];
    for (const text of texts) expect(tokenizer.decode(tokenizer.encode(text)), text).toBe(text);
    expect(tokenizer.decode([264, 259, 266, 265])).toBe('hello\uFFFD');
    expect(() => tokenizer.decode([267])).toThrow(DataError);
  });

  it('finds added tokens before all others, the longest first', () => {
    expect(ids(tokenizer, 'he<|end|>ll')).toEqual([256, 263, 257]);
    const added = [
      { id: 263, content: '<|' },
      { id: 264, content: '<|end|>' },
    ];
    expect(ids(bpe(file(MERGES, { added_tokens: added })), '<|end|><|')).toEqual([264, 263]);
  });

  it('reads a pattern of its own, as of Llama 3, with letters of either case', () => {
    const Regex = "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    const split = { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false };
    const level = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
    const merges = ["' S", '1 1', '11 1', '111 1', '! a'];
    const own = bpe(file(merges, { pre_tokenizer: { type: 'Sequence', pretokenizers: [split, level] } }));
    // Digits in threes, so that 1111 is 111 and 1, whatever the merges say.
    expect(ids(own, "a'S1111!a")).toEqual([...code('a'), 256, 258, ...code('1'), 260]);
  });

  it('does not merge a piece that is a token, if the file says so', () => {
    const vocab = Object.fromEntries([...byteSymbols(), 'ab'].map((token, id) => [token, id]));
    const model = { type: 'BPE', vocab, merges: [] };
    expect(ids(bpe(file([], { model })), 'ab')).toEqual(code('ab'));
    expect(ids(bpe(file([], { model: { ...model, ignore_merges: true } })), 'ab')).toEqual([256]);
  });

  it('reads merges as pairs, and is restored from a checkpoint', () => {
    const pairs = file(MERGES) as { model: { merges: unknown } };
    pairs.model.merges = MERGES.map((merge) => merge.split(' '));
    const again = tokenizerFromJSON(JSON.parse(JSON.stringify(bpe(pairs))));
    expect(ids(again, 'hello world<|end|>')).toEqual(ids(tokenizer, 'hello world<|end|>'));
    expect(again.size).toBe(tokenizer.size);
  });

  it('refuses a tokenizer.json of another kind by its name', () => {
    const model = file(MERGES).model as object;
    const wrong = (changes: object) => () => bpe(file(MERGES, changes));
    expect(wrong({ model: { type: 'WordPiece', vocab: {} } })).toThrow(
      'This tokenizer.json has a model of the kind "WordPiece"; bpe reads byte-level BPE',
    );
    expect(wrong({ model: { type: 'Unigram', vocab: [] } })).toThrow('"Unigram"');
    expect(wrong({ pre_tokenizer: { type: 'Metaspace' } })).toThrow(
      'a pre_tokenizer of the kind "Metaspace"',
    );
    expect(wrong({ pre_tokenizer: null })).toThrow('no pre_tokenizer of the kind "ByteLevel"');
    expect(wrong({ normalizer: { type: 'Lowercase' } })).toThrow('a normalizer of the kind "Lowercase"');
    expect(wrong({ model: { ...model, end_of_word_suffix: '</w>' } })).toThrow(
      'the end_of_word_suffix "</w>"',
    );
    expect(wrong({ model: { ...model, byte_fallback: true } })).toThrow('byte_fallback');
    expect(wrong({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } })).toThrow(
      'add_prefix_space',
    );
  });

  it('refuses broken entries', () => {
    const model = file(MERGES).model as object;
    const wrong = (changes: object) => () => bpe(file(MERGES, changes));
    expect(() => bpe([])).toThrow(OptionError);
    expect(() => bpe({ vocab: {} })).toThrow('the content of a Hugging Face tokenizer.json');
    expect(wrong({ model: { ...model, vocab: { a: -1 } } })).toThrow('an object of ids by token');
    expect(wrong({ model: { ...model, merges: ['a b c'] } })).toThrow(
      'Merge 0 of this tokenizer.json: expected two',
    );
    expect(wrong({ model: { ...model, merges: ['z z'] } })).toThrow('makes "zz", which is not in its vocab');
    expect(wrong({ model: { type: 'BPE', vocab: { a: 1e9 }, merges: [] } })).toThrow(
      'The ids of this tokenizer.json go up to 1000000000, but it has only 2 tokens.',
    );
    const split = { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' };
    const level = { type: 'ByteLevel', use_regex: false };
    expect(wrong({ pre_tokenizer: { type: 'Sequence', pretokenizers: [split, level] } })).toThrow(
      'cannot be read',
    );
  });
});
