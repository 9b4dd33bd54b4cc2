import { DataError, OptionError } from '../../core/errors.js';
import { checkNumberList } from '../../core/options.js';
import { REPLACEMENT } from '../vocabulary.js';

/** A tokenizer as plain data. `kind` names the function that makes the tokenizer. */
export interface TokenizerJSON {
  readonly kind: string;
  readonly [entry: string]: unknown;
}

/**
 * Turns texts into ids and back. Ids are 0 to V − 1, with V = `size`; `begin` and `end` are two of
 * them. The id V means unknown symbols and padding: as an input it is the zero vector, as a target
 * it has no loss.
 *
 * An object of your own is a tokenizer if it has these members. For checkpoints, register its kind
 * with `registerTokenizer`.
 */
export interface Tokenizer {
  /** Name of the kind in checkpoints. */
  readonly kind: string;
  /** V: number of symbols, `begin` and `end` included. */
  readonly size: number;
  /** Id of the symbol that a decoder reads first. */
  readonly begin: number;
  /** Id of the symbol that ends a target. */
  readonly end: number;
  /** V: the id of unknown symbols and of padding. */
  readonly unknown: number;
  /** The ids of a text, without `begin` and `end`. */
  encode(text: string): ArrayLike<number>;
  /**
   * The id of one symbol, or `unknown`. Only needed for records whose text is a list of symbols.
   */
  idOf?(symbol: string): number;
  /**
   * The text of ids. `begin` and `end` are left out, `unknown` becomes U+FFFD.
   * @throws DataError for an id above V
   */
  decode(ids: ArrayLike<number>): string;
  /** The tokenizer as plain data. `tokenizerFromJSON` is the inverse. */
  toJSON(): TokenizerJSON;
}

/** Whether an object has the members of a tokenizer. */
export function isTokenizer(value: unknown): value is Tokenizer {
  const { kind, size, begin, end, encode, decode, toJSON } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Tokenizer>;
  return (
    typeof kind === 'string' &&
    [size, begin, end].every(Number.isInteger) &&
    [encode, decode, toJSON].every((method) => typeof method === 'function')
  );
}

/** @throws OptionError unless `value` is a tokenizer */
export function checkTokenizer(option: string, value: unknown): asserts value is Tokenizer {
  if (!isTokenizer(value))
    throw new OptionError(
      option,
      value,
      'a tokenizer, such as characters(texts) or words(texts), or an object with kind, size, begin, end, ' +
        'encode, decode and toJSON',
    );
}

/** @throws OptionError unless `texts` is a list of texts; a single text is not */
export function checkTexts(texts: unknown): asserts texts is Iterable<string> {
  if (typeof texts !== 'object' || texts === null || !(Symbol.iterator in texts))
    throw new OptionError('texts', texts, 'an array of texts, such as rows.map((row) => row.text)');
}

/**
 * The symbols of ids, without `begin` and `end`.
 * @param symbols by id, without `begin` and `end`
 * @throws DataError for an id above V, OptionError if `ids` is not a list of numbers
 */
export function symbolsOfIds(
  { size, begin, end }: Pick<Tokenizer, 'size' | 'begin' | 'end'>,
  symbols: readonly string[],
  ids: ArrayLike<number>,
): string[] {
  checkNumberList('ids', ids);
  const found: string[] = [];
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (!Number.isInteger(id) || id < 0 || id > size)
      throw new DataError(
        `This tokenizer of ${size} symbols has no id ${id}: expected 0 to ${size}, the last for unknown ` +
          'symbols.',
      );
    if (id !== begin && id !== end) found.push(id === size ? REPLACEMENT : symbols[id]);
  }
  return found;
}
