import { DataError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkTokenizer, type Tokenizer } from '../text/tokenizers/tokenizer.js';
import { isListOfValues, wrongValue, type Column } from './column.js';

/** u32 ids of steps L of N rows. */
export interface IdField<L extends string> {
  readonly dtype: 'u32';
  readonly shape: readonly [L, 'N'];
}
/** A u32 for each row. */
export interface RowField {
  readonly dtype: 'u32';
  readonly shape: readonly ['N'];
}

/** `ids` with a letter of its own. */
export function idField<const L extends string>(letter: L): IdField<L> {
  return { dtype: 'u32', shape: [letter, 'N'] };
}
export const ROW_FIELD: RowField = { dtype: 'u32', shape: ['N'] };

/** What columns of texts take. */
export interface TokensOptions {
  /** Ids behind so many are left out. Default: all are read. */
  readonly longest?: number;
}

/** What `targetTokens` takes. */
export interface TargetTokensOptions {
  /**
   * Steps that a target may have, its end included. A longer target is an error, since it would
   * lose its end. Default: any.
   */
  readonly longest?: number;
}

const TEXT = 'a text, a list of symbols, or ids';

/** The ids of a text, of a list of symbols, or of ids. @throws DataError */
function idsOf(value: unknown, tokenizer: Tokenizer, title: string, where: string): ArrayLike<number> {
  if (typeof value === 'string') return tokenizer.encode(value);
  if (!isListOfValues(value)) throw wrongValue(where, title, TEXT, value);
  return Uint32Array.from(Array.from(value), (item) => {
    if (typeof item === 'string') {
      if (!tokenizer.idOf)
        throw new DataError(
          `${where}: ${title} got a list of symbols, but its tokenizer of the kind "${tokenizer.kind}" has no ` +
            'idOf(symbol).',
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

/** Reads ids of at least one step, and cuts them. */
function reader(name: string, title: string, tokenizer: Tokenizer, options: TokensOptions) {
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
 * A text that is read: `ids` [T,N] and `lengths` [N]. The record's entry is a text, a list of
 * symbols, or ids.
 */
export function tokens(
  name: string,
  tokenizer: Tokenizer,
  options: TokensOptions = {},
): Column<{ ids: IdField<'T'>; lengths: RowField }> {
  const title = `tokens("${name}")`;
  const read = reader(name, title, tokenizer, options);
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

/** A text that an encoder reads: `source` [S,N] and `sourceLengths` [N]. See `tokens`. */
export function sourceTokens(
  name: string,
  tokenizer: Tokenizer,
  options: TokensOptions = {},
): Column<{ source: IdField<'S'>; sourceLengths: RowField }> {
  const title = `sourceTokens("${name}")`;
  const read = reader(name, title, tokenizer, options);
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
 * A text that a decoder writes: `previous` [T,N] is begin and the ids, `targets` [T,N] the ids and
 * end. An empty text is a target too: its end alone. Unknown symbols do not count.
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
          `${where}: "${name}" has ${ids.length} symbols and needs ${steps} steps with its end, but longest ` +
            `is ${longest}: the target would lose its end. Raise longest, or leave the record out.`,
        );
      const arrays = { previous: [begin, ...ids], targets: [...ids, end] };
      return { arrays, count: 1 + ids.filter((id) => id < size).length };
    },
  };
}
