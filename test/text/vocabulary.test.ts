import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../../src/text/vocabulary.js';

describe('Vocabulary', () => {
  it('has code points as symbols, in ascending order', () => {
    const vocabulary = Vocabulary.fromText('b猫a🙂ab🙂');
    expect(vocabulary.symbols).toEqual(['a', 'b', '猫', '🙂']);
    expect(vocabulary.size).toBe(4);
    expect(vocabulary.unknown).toBe(4);
  });

  it('encodes and decodes, with V for unknown symbols', () => {
    const vocabulary = Vocabulary.fromText('abc猫');
    const { ids, unknown, unknownSymbols } = vocabulary.encode('cab🙂猫x🙂');
    expect([...ids]).toEqual([2, 0, 1, 4, 3, 4, 4]);
    expect(unknown).toBe(3);
    expect(unknownSymbols).toEqual(['🙂', 'x']);
    expect(vocabulary.decode(ids)).toBe('cab\uFFFD猫\uFFFD\uFFFD');
  });

  it('chooses the smallest type that holds 0 to V', () => {
    const of = (size: number): Vocabulary =>
      Vocabulary.fromSymbols(Array.from({ length: size }, (_, i) => String.fromCodePoint(0x10000 + i)));
    expect(of(255).encode('a').ids).toBeInstanceOf(Uint8Array);
    expect(of(256).encode('a').ids).toBeInstanceOf(Uint16Array);
    expect([...of(256).encode('a').ids]).toEqual([256]);
    expect(of(65536).encode('a').ids).toBeInstanceOf(Uint32Array);
  });

  it('reports whether it has a symbol', () => {
    const vocabulary = Vocabulary.fromText('a猫');
    expect(['a', '猫', 'b', '', 'aa', '🙂'].map((symbol) => vocabulary.has(symbol))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('takes the symbols of a checkpoint in their own order', () => {
    const vocabulary = Vocabulary.fromSymbols(['z', 'a', '\n']);
    expect([...vocabulary.encode('a\nz').ids]).toEqual([1, 2, 0]);
  });

  it('refuses damaged lists of symbols', () => {
    expect(() => Vocabulary.fromSymbols([])).toThrow('at least one symbol');
    expect(() => Vocabulary.fromSymbols(['a', 'bc'])).toThrow(
      'Symbol 1 of the vocabulary: expected one character (one code point), got "bc".',
    );
    expect(() => Vocabulary.fromSymbols(['a', 'b', 'a'])).toThrow('has "a" twice, as symbols 0 and 2');
    expect(() => Vocabulary.fromSymbols(['a', ''])).toThrow('Symbol 1');
  });

  it('leaves out rare characters', () => {
    const counts = new Map([
      [97, 5],
      [98, 1],
      [99, 2],
    ]);
    expect(Vocabulary.fromCounts(counts, { minCount: 2 }).symbols).toEqual(['a', 'c']);
    expect(() => Vocabulary.fromCounts(counts, { minCount: 6 })).toThrow(
      'minCount 6 leaves no character: the most frequent one occurs 5 times.',
    );
    expect(() => Vocabulary.fromCounts(counts, { minCount: 0.5 })).toThrow(
      'minCount: expected a whole number',
    );
    expect(() => Vocabulary.fromText('')).toThrow('at least one character');
  });

  it('is immutable', () => {
    const symbols = ['a', 'b'];
    const vocabulary = Vocabulary.fromSymbols(symbols);
    symbols[0] = 'c';
    expect(vocabulary.symbols).toEqual(['a', 'b']);
    expect(() => (vocabulary.symbols as string[]).push('c')).toThrow(TypeError);
  });

  it('refuses ids above V', () => {
    expect(() => Vocabulary.fromText('ab').decode([0, 3])).toThrow(
      'The id 3 is not in this vocabulary of 2 symbols',
    );
  });

  it('has plain numbers as symbols for given ids, and gets them back from a checkpoint', () => {
    const vocabulary = Vocabulary.fromSymbols(Vocabulary.ofNumbers(12).symbols);
    expect(vocabulary.decode([0, 11, 12])).toBe('[0] [11] \uFFFD');
    expect([...vocabulary.encode('[0] 11\n[12] x').ids]).toEqual([0, 11, 12, 12]);
    expect(vocabulary.encode('[0] 11 [12] x x')).toMatchObject({ unknown: 3, unknownSymbols: ['[12]', 'x'] });
    expect([vocabulary.has('[11]'), vocabulary.has('[12]')]).toEqual([true, false]);
  });
});
