import { DataError, describe, OptionError } from '../../core/errors.js';
import { bpeFromJSON } from './bpe.js';
import { charactersFromJSON } from './characters.js';
import { isTokenizer, type Tokenizer, type TokenizerJSON } from './tokenizer.js';
import { wordsFromJSON } from './words.js';

/** Makes a tokenizer of one kind from the plain data of its `toJSON`. */
export type TokenizerFromJSON = (json: TokenizerJSON) => Tokenizer;

const BUILT_IN: Readonly<Record<string, TokenizerFromJSON>> = {
  characters: charactersFromJSON,
  words: wordsFromJSON,
  bpe: bpeFromJSON,
};

const registered = new Map<string, TokenizerFromJSON>();

/**
 * Registers a kind of tokenizer, so that checkpoints with it can be read.
 * @throws OptionError for a kind of the library
 */
export function registerTokenizer(kind: string, fromJSON: TokenizerFromJSON): void {
  if (typeof kind !== 'string' || kind === '' || Object.hasOwn(BUILT_IN, kind))
    throw new OptionError('kind', kind, `a name other than ${Object.keys(BUILT_IN).join(', ')}`);
  if (typeof fromJSON !== 'function')
    throw new OptionError('fromJSON', fromJSON, 'a function that makes a tokenizer from plain data');
  registered.set(kind, fromJSON);
}

/**
 * Makes a tokenizer from the plain data of `toJSON`.
 * @throws DataError for an unknown kind or wrong data
 */
export function tokenizerFromJSON(json: unknown): Tokenizer {
  const kind = (typeof json === 'object' && json !== null ? json : {}) as Partial<TokenizerJSON>;
  if (typeof kind.kind !== 'string')
    throw new DataError(`A tokenizer as plain data needs its kind, but got ${describe(json)}.`);
  const fromJSON = Object.hasOwn(BUILT_IN, kind.kind) ? BUILT_IN[kind.kind] : registered.get(kind.kind);
  if (!fromJSON)
    throw new DataError(
      `The tokenizer is of the kind "${kind.kind}"; known kinds are ` +
        `${[...Object.keys(BUILT_IN), ...registered.keys()].join(', ')}. Register it first: ` +
        `registerTokenizer('${kind.kind}', fromJSON).`,
    );
  const tokenizer: unknown = fromJSON(json as TokenizerJSON);
  if (!isTokenizer(tokenizer))
    throw new DataError(`The function registered for the kind "${kind.kind}" must return a tokenizer.`);
  return tokenizer;
}
