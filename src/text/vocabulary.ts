import { DataError, describe, OptionError } from '../core/errors.js';
import { checkNumberList, checkText, wholeNumber } from '../core/options.js';
import { idArray, type Ids } from './ids.js';
import { INVALID, stringCodePoints } from './utf8.js';

/** Largest V: the number of code points of Unicode. */
export const LARGEST_VOCABULARY = 0x110000;

/** The text of an unknown symbol when ids are decoded. */
export const REPLACEMENT = '\uFFFD';
const REPLACEMENT_CODE = 0xfffd;

/** Largest number of unknown symbols that are listed. */
const MAX_LISTED_SYMBOLS = 5;

/** A text as ids, with its unknown symbols. */
export interface Encoded {
  /** An id for each symbol. An unknown symbol has the id V. */
  readonly ids: Ids;
  /** Number of unknown symbols. */
  readonly unknown: number;
  /** The first few different unknown symbols. */
  readonly unknownSymbols: readonly string[];
}

/** Counts unknown symbols while a text is encoded in chunks, and stores the first few of them. */
export class UnknownSymbols {
  count = 0;
  private readonly codePoints = new Set<number>();

  add(codePoint: number): void {
    this.count++;
    if (this.codePoints.size < MAX_LISTED_SYMBOLS) this.codePoints.add(codePoint);
  }

  get symbols(): string[] {
    return [...this.codePoints].map((codePoint) =>
      String.fromCodePoint(codePoint === INVALID ? REPLACEMENT_CODE : codePoint),
    );
  }
}

/**
 * The symbols of a model, each with an id from 0 to V − 1. Immutable.
 *
 * A symbol is one Unicode code point, so a Chinese character or an emoji is one symbol. The id V is
 * the unknown symbol: as an input it is the zero vector, as a target it has no loss. A corpus of
 * ids has a vocabulary of plain numbers: symbols `[0]`, `[1]`, …, joined by spaces.
 */
export class Vocabulary {
  /** V: number of symbols, without the unknown one. */
  readonly size: number;
  /** V: the id of every symbol that is not in the vocabulary. */
  readonly unknown: number;
  /** By code point, up to the largest known one: its id. Undefined for plain numbers. */
  private readonly idOf: Uint32Array | undefined;

  private constructor(readonly symbols: readonly string[]) {
    this.size = symbols.length;
    this.unknown = symbols.length;
    this.idOf = symbols.every((symbol, id) => symbol === numberSymbol(id)) ? undefined : idTable(symbols);
    Object.freeze(symbols);
    Object.freeze(this);
  }

  /** The code points of `text`, in ascending order. */
  static fromText(text: string): Vocabulary {
    checkText('text', text);
    const counts = new Map<number, number>();
    for (const codes of stringCodePoints(text))
      for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    return Vocabulary.fromCounts(counts);
  }

  /**
   * The code points that occur at least `minCount` times (default 1), in ascending order.
   * @throws DataError if there is none
   */
  static fromCounts(
    counts: ReadonlyMap<number, number>,
    options: { readonly minCount?: number } = {},
  ): Vocabulary {
    if (!((counts as unknown) instanceof Map))
      throw new OptionError('counts', counts, 'a Map of counts by code point');
    const least = wholeNumber('minCount', options.minCount ?? 1);
    const kept = [...counts]
      .filter(([, count]) => count >= least)
      .map(([code]) => (code === INVALID ? REPLACEMENT_CODE : code));
    if (kept.length === 0) {
      const most = Math.max(0, ...counts.values());
      throw new DataError(
        most === 0
          ? 'A vocabulary needs at least one character, but the text has none.'
          : `minCount ${least} leaves no character: the most frequent one occurs ${most} times.`,
      );
    }
    return new Vocabulary([...new Set(kept)].sort((a, b) => a - b).map((code) => String.fromCodePoint(code)));
  }

  /**
   * The symbols of a checkpoint, in the order of their ids: single code points, or `[0]`, `[1]`, …
   * for plain numbers.
   * @throws DataError for an empty list, a repeated symbol, or one of several code points
   */
  static fromSymbols(symbols: readonly string[]): Vocabulary {
    const given: unknown = symbols;
    if (!Array.isArray(given)) throw new OptionError('symbols', symbols, 'an array of symbols');
    if (symbols.length === 0)
      throw new DataError('A vocabulary needs at least one symbol, but the list is empty.');
    return new Vocabulary([...symbols]);
  }

  /** The plain numbers 0 to `size` − 1, for a corpus of ids. */
  static ofNumbers(size: number): Vocabulary {
    return new Vocabulary(
      Array.from({ length: wholeNumber('vocabularySize', size, 1, LARGEST_VOCABULARY) }, (_, id) =>
        numberSymbol(id),
      ),
    );
  }

  /** The text between symbols: a space between plain numbers, else the empty text. */
  get separator(): string {
    return this.idOf ? '' : ' ';
  }

  /** Whether `symbol` is known. */
  has(symbol: string): boolean {
    checkText('symbol', symbol);
    return this.idOf
      ? [...symbol].length === 1 && this.id(symbol.codePointAt(0) as number) < this.size
      : this.symbols.includes(symbol);
  }

  /**
   * The id of a code point. V if it is unknown, and always in a vocabulary of plain numbers.
   */
  id(codePoint: number): number {
    const code = codePoint === INVALID ? REPLACEMENT_CODE : codePoint;
    return this.idOf !== undefined && code < this.idOf.length ? this.idOf[code] : this.unknown;
  }

  /**
   * The ids of a text, in the smallest type for 0 to V. A text of plain numbers is `[3] [14]` or
   * `3 14`.
   */
  encode(text: string): Encoded {
    checkText('text', text);
    if (!this.idOf) return this.encodeNumbers(text);
    const unknown = new UnknownSymbols();
    const ids = idArray(this.size, text.length);
    let length = 0;
    for (const codes of stringCodePoints(text)) {
      this.encodeInto(codes, ids.subarray(length, length + codes.length), unknown);
      length += codes.length;
    }
    return { ids: ids.slice(0, length), unknown: unknown.count, unknownSymbols: unknown.symbols };
  }

  /**
   * Writes the ids of `codes` to `ids`, of the same length, and counts unknown ones in `unknown`.
   */
  encodeInto(codes: Uint32Array, ids: Ids, unknown: UnknownSymbols): void {
    for (let i = 0; i < codes.length; i++) {
      const id = this.id(codes[i]);
      if (id === this.unknown) unknown.add(codes[i]);
      ids[i] = id;
    }
  }

  /**
   * The text of ids, with U+FFFD for the unknown id.
   * @throws DataError for an id above V, OptionError if `ids` is not a list of numbers
   */
  decode(ids: ArrayLike<number>): string {
    checkNumberList('ids', ids);
    const symbols = Array.from(ids, (id) => {
      const symbol = id === this.unknown ? REPLACEMENT : this.symbols[id];
      if (symbol === undefined)
        throw new DataError(
          `The id ${id} is not in this vocabulary of ${this.size} symbols (ids 0 to ${this.size}, the ` +
            'last for the unknown).',
        );
      return symbol;
    });
    return symbols.join(this.separator);
  }

  private encodeNumbers(text: string): Encoded {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const ids = idArray(this.size, words.length);
    const strange: string[] = [];
    words.forEach((word, i) => {
      const match = /^(?:\[(\d+)\]|(\d+))$/.exec(word);
      const id = match ? Number(match[1] ?? match[2]) : this.unknown;
      ids[i] = Math.min(id, this.unknown);
      if (id >= this.unknown) strange.push(word);
    });
    return {
      ids,
      unknown: strange.length,
      unknownSymbols: [...new Set(strange)].slice(0, MAX_LISTED_SYMBOLS),
    };
  }
}

function numberSymbol(id: number): string {
  return `[${id}]`;
}

function idTable(symbols: readonly string[]): Uint32Array {
  const codes = symbols.map((symbol, id) => {
    const code = typeof symbol === 'string' ? symbol.codePointAt(0) : undefined;
    if (code === undefined || symbol !== String.fromCodePoint(code)) {
      throw new DataError(
        `Symbol ${id} of the vocabulary: expected one character (one code point), got ${describe(symbol)}.`,
      );
    }
    return code;
  });
  const table = new Uint32Array(codes.reduce((most, code) => Math.max(most, code), 0) + 1).fill(
    symbols.length,
  );
  codes.forEach((code, id) => {
    if (table[code] !== symbols.length)
      throw new DataError(
        `The vocabulary has ${describe(symbols[id])} twice, as symbols ${table[code]} and ${id}.`,
      );
    table[code] = id;
  });
  return table;
}

/** @throws OptionError unless `vocabulary` is a Vocabulary */
export function checkVocabulary(vocabulary: unknown): asserts vocabulary is Vocabulary {
  if (!isVocabulary(vocabulary))
    throw new OptionError(
      'vocabulary',
      vocabulary,
      "a Vocabulary, such as a corpus's `corpus.vocabulary` or Vocabulary.fromText(text)",
    );
}

/** Whether a value is a vocabulary, possibly of another copy of this module. */
export function isVocabulary(value: unknown): value is Vocabulary {
  const { symbols, size, encodeInto } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Vocabulary>;
  return Array.isArray(symbols) && typeof size === 'number' && typeof encodeInto === 'function';
}
