import { DataError } from '../../core/errors.js';
import { checkText, onlyKnown } from '../../core/options.js';
import { stringCodePoints } from '../utf8.js';
import { Vocabulary } from '../vocabulary.js';
import { checkTexts, symbolsOfIds, type Tokenizer, type TokenizerJSON } from './tokenizer.js';

/** Options of `characters`. */
export interface CharactersOptions {
  /** Characters that occur less often are unknown. Default 1. */
  readonly minCount?: number;
}

/** Every character (code point) is a symbol. The vocabulary comes first, then begin and end. */
class CharacterTokenizer implements Tokenizer {
  readonly kind = 'characters';
  readonly size: number;
  readonly begin: number;
  readonly end: number;
  readonly unknown: number;

  constructor(readonly vocabulary: Vocabulary) {
    this.begin = vocabulary.size;
    this.end = vocabulary.size + 1;
    this.size = this.unknown = vocabulary.size + 2;
  }

  encode(text: string): Uint32Array {
    const { ids } = this.vocabulary.encode(text);
    return Uint32Array.from(ids, (id) => this.#own(id));
  }

  idOf(symbol: string): number {
    return this.vocabulary.has(symbol)
      ? this.#own(this.vocabulary.id(symbol.codePointAt(0) as number))
      : this.unknown;
  }

  decode(ids: ArrayLike<number>): string {
    return symbolsOfIds(this, this.vocabulary.symbols, ids).join('');
  }

  toJSON(): TokenizerJSON {
    return { kind: this.kind, symbols: this.vocabulary.symbols };
  }

  /** The unknown id of the vocabulary is the id of `begin` here, so it must be replaced. */
  #own(id: number): number {
    return id === this.vocabulary.unknown ? this.unknown : id;
  }
}

/**
 * A tokenizer of single characters: the code points of `texts` in ascending order, then begin and
 * end.
 * @throws DataError if no character is left, OptionError for a wrong option
 */
export function characters(texts: Iterable<string>, options: CharactersOptions = {}): Tokenizer {
  onlyKnown('characters', options, ['minCount']);
  checkTexts(texts);
  const counts = new Map<number, number>();
  for (const text of texts) {
    checkText('texts', text);
    for (const codes of stringCodePoints(text))
      for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return new CharacterTokenizer(Vocabulary.fromCounts(counts, options));
}

/** Makes a tokenizer from `toJSON`. @throws DataError for symbols that are not characters */
export function charactersFromJSON({ symbols }: TokenizerJSON): Tokenizer {
  if (!Array.isArray(symbols)) throw new DataError('A tokenizer of characters needs its list of symbols.');
  return new CharacterTokenizer(Vocabulary.fromSymbols(symbols as string[]));
}
