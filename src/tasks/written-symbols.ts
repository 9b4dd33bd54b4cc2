import { DataError } from '../core/errors.js';
import type { WrittenSymbols } from '../generate/model.js';
import type { SymbolInput } from './symbols.js';

/** The symbols of a tokenizer. Without a tokenizer, plain ids without begin and end. */
export function writtenSymbols(input: SymbolInput, V: number): WrittenSymbols {
  if ('tokenizer' in input) return input.tokenizer;
  return {
    size: V,
    encode(text) {
      if (text === '') return [];
      throw new DataError(
        `"${text}" cannot be read: the model has ${V} ids and no tokenizer that encodes texts.`,
      );
    },
    decode: (ids) => Array.from(ids).join(' '),
  };
}

/** A text, or its symbols or ids one by one. */
export type SourceText = string | readonly string[] | ArrayLike<number>;

/**
 * The ids of a source. Unknown symbols have the id V.
 * @param where name of the source in messages: `condition 3`
 * @throws DataError for an empty source, or one that is not a text
 */
export function sourceIds(source: SourceText, symbols: WrittenSymbols, where: string): number[] {
  const ids =
    typeof source === 'string' ? Array.from(symbols.encode(source)) : listed(source, symbols, where);
  if (ids.length === 0)
    throw new DataError(`The ${where} is empty, but an encoder needs at least one symbol to read.`);
  return ids;
}

function listed(source: unknown, symbols: WrittenSymbols, where: string): number[] {
  const isList = typeof source === 'object' && source !== null && 'length' in source;
  const items = isList ? Array.from(source as ArrayLike<unknown>) : [];
  const ids = items.map((item) => (typeof item === 'string' ? idOf(item, symbols) : Number(item)));
  if (isList && ids.every((id) => Number.isInteger(id) && id >= 0 && id <= symbols.size)) return ids;
  throw new DataError(
    `The ${where} must be a text, a list of symbols, or a list of ids from 0 to ${symbols.size}, the last ` +
      'for the unknown.',
  );
}

function idOf(symbol: string, symbols: WrittenSymbols): number {
  if (symbols.idOf) return symbols.idOf(symbol);
  const [id = symbols.size, ...more] = Array.from(symbols.encode(symbol));
  return more.length > 0 ? symbols.size : id;
}
