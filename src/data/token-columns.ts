import { DataError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkTokenizer, type Tokenizer } from '../text/tokenizers/tokenizer.js';
import { isListOfValues, wrongValue, type Column } from './column.js';

/** u32: an id for each of L steps of N rows. */
export interface IdField<L extends string> {
  readonly dtype: 'u32';
  readonly shape: readonly [L, 'N'];
}
/** u32: a number for each row. */
export interface RowField {
  readonly dtype: 'u32';
  readonly shape: readonly ['N'];
}

/** The field of ids whose steps have this letter. */
export function idField<const L extends string>(letter: L): IdField<L> {
  return { dtype: 'u32', shape: [letter, 'N'] };
}
export const ROW_FIELD: RowField = { dtype: 'u32', shape: ['N'] };

/** Options of `tokens` and `sourceTokens`. */
export interface TokensOptions {
  /** Largest number of ids. Further ids are left out. Default: no limit. */
  readonly longest?: number;
}

/** Options of `targetTokens`. */
export interface TargetTokensOptions {
  /**
   * Largest number of steps of a target, with its end. A longer target is an error, since it would
   * lose its end. Default: no limit.
   */
  readonly longest?: number;
}

const TEXT = 'a text, a list of symbols, or ids';

/** The ids of a text, a list of symbols, or a list of ids. @throws DataError for another value */
function idsOf(value: unknown, tokenizer: Tokenizer, title: string, where: string): ArrayLike<number> {
  if (typeof value === 'string') return tokenizer.encode(value);
  if (!isListOfValues(value)) throw wrongValue(where, title, TEXT, value);
  return Uint32Array.from(Array.from(value), (item) => {
    if (typeof item === 'string') {
      if (!tokenizer.idOf)
        throw new DataError(
          `${where}: ${title} got a list of symbols, but its tokenizer of the kind "${tokenizer.kind}" has ` +
            'no idOf(symbol).',
        );
      return tokenizer.idOf(item);
    }
    if (!Number.isInteger(item) || (item as number) < 0 || (item as number) > tokenizer.size)
      throw wrongValue(where, title, `ids from 0 to ${tokenizer.size}`, item);
    return item as number;
  });
}

function longestOf(options: TokensOptions, title: string): number {
  onlyKnown(title, options, ['longest']);
  return options.longest === undefined ? Infinity : wholeNumber('longest', options.longest);
}

/** Makes a function that reads at least one id, and at most `longest`. */
function idReader(name: string, title: string, tokenizer: Tokenizer, options: TokensOptions) {
  checkTokenizer('tokenizer', tokenizer);
  const longest = longestOf(options, title);
  return (value: unknown, where: string): ArrayLike<number> => {
    const ids = idsOf(value, tokenizer, title, where);
    if (ids.length === 0)
      throw new DataError(`${where}: "${name}" is empty, but ${title} needs at least one symbol.`);
    return ids.length > longest ? Array.from(ids).slice(0, longest) : ids;
  };
}

/**
 * An input text: `ids` [T,N] and `lengths` [N]. The entry of the record is a text, a list of
 * symbols, or a list of ids.
 */
export function tokens(
  name: string,
  tokenizer: Tokenizer,
  options: TokensOptions = {},
): Column<{ ids: IdField<'T'>; lengths: RowField }> {
  const title = `tokens("${name}")`;
  const read = idReader(name, title, tokenizer, options);
  return {
    ...{ name, title, role: 'input' },
    fields: { ids: idField('T'), lengths: ROW_FIELD },
    pads: { ids: tokenizer.size, lengths: 1 },
    toJSON: () => ({ kind: 'tokens', name, tokenizer: tokenizer.toJSON(), ...options }),
    encode: (value, where) => {
      const ids = read(value, where);
      return { arrays: { ids, lengths: [ids.length] } };
    },
  };
}

/** The input text of an encoder: `source` [S,N] and `sourceLengths` [N]. See `tokens`. */
export function sourceTokens(
  name: string,
  tokenizer: Tokenizer,
  options: TokensOptions = {},
): Column<{ source: IdField<'S'>; sourceLengths: RowField }> {
  const title = `sourceTokens("${name}")`;
  const read = idReader(name, title, tokenizer, options);
  return {
    ...{ name, title, role: 'input' },
    fields: { source: idField('S'), sourceLengths: ROW_FIELD },
    pads: { source: tokenizer.size, sourceLengths: 1 },
    toJSON: () => ({ kind: 'sourceTokens', name, tokenizer: tokenizer.toJSON(), ...options }),
    encode: (value, where) => {
      const ids = read(value, where);
      return { arrays: { source: ids, sourceLengths: [ids.length] } };
    },
  };
}

/**
 * The text that a decoder writes: `previous` [T,N] has the begin id and then the ids, `targets`
 * [T,N] the ids and then the end id. An empty text is a target with its end only. Unknown symbols
 * have no loss.
 */
export function targetTokens(
  name: string,
  tokenizer: Tokenizer,
  options: TargetTokensOptions = {},
): Column<{ previous: IdField<'T'>; targets: IdField<'T'> }> {
  const title = `targetTokens("${name}")`;
  checkTokenizer('tokenizer', tokenizer);
  const longest = longestOf(options, title);
  const { begin, end, size } = tokenizer;
  return {
    ...{ name, title, role: 'target', leavesPadsOut: true },
    fields: { previous: idField('T'), targets: idField('T') },
    pads: { previous: size, targets: size },
    toJSON: () => ({ kind: 'targetTokens', name, tokenizer: tokenizer.toJSON(), ...options }),
    encode: (value, where) => {
      const ids = Array.from(idsOf(value, tokenizer, title, where));
      const steps = ids.length + 1;
      if (steps > longest)
        throw new DataError(
          `${where}: "${name}" has ${ids.length} symbols and needs ${steps} steps with its end, but ` +
            `longest is ${longest}: the target would lose its end. Raise longest, or leave the record out.`,
        );
      const arrays = { previous: [begin, ...ids], targets: [...ids, end] };
      return { arrays, count: 1 + ids.filter((id) => id < size).length };
    },
  };
}
