import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, numberWithin, wholeNumber } from '../core/options.js';
import { splitWords } from '../text/tokenizers/words.js';
import type { Field, Sizes } from '../train/batch.js';
import { bucketSizes } from './buckets.js';
import { isListOfValues } from './column.js';
import { Records } from './records.js';

/** The kinds of symbols that a text can be split into. */
export const SYMBOL_KINDS = ['characters', 'words'] as const;

/** Options of `lookAt`. */
export interface LookOptions {
  /** Share of the records that are held out and compared with the others. 0: none. Default 0.1. */
  readonly validation?: number;
  /** Decides which records are held out. Default 0. */
  readonly seed?: number;
  /** The symbols that a text is split into. Default characters. */
  readonly tokens?: (typeof SYMBOL_KINDS)[number];
  /** N: rows of a batch. The choice of buckets depends on it. Default 32. */
  readonly batch?: number;
}

/** Quantiles of lengths, by nearest rank. */
export interface LengthSummary {
  readonly min: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly most95: number;
  readonly max: number;
}

/** Symbols of the held-out part that the training part lacks. */
export interface UnknownSummary {
  readonly count: number;
  /** Number of all symbols of the held-out part. */
  readonly of: number;
  /** The most frequent unknown symbols, ten at most. */
  readonly symbols: readonly string[];
}

/** A summary of one entry over all records. */
export interface ColumnLook {
  readonly name: string;
  /** Number of records in which the entry is missing, empty, or only white space. */
  readonly empty: number;
  /** Number of different values. */
  readonly distinct: number;
  /**
   * Names with their counts, the most frequent first. Only if the entry looks like labels or tags.
   */
  readonly labels?: readonly (readonly [name: string, count: number])[];
  /** Lengths in symbols of a text (`LookOptions.tokens`), or in items of a list. */
  readonly lengths?: LengthSummary;
  /** The lengths that batches are padded to with `buckets: 'auto'`. */
  readonly buckets?: readonly number[];
  readonly unknown?: UnknownSummary;
  /** Number of held-out records whose value is also in the training part. Absent for labels. */
  readonly shared?: number;
}

/** The result of `lookAt`. */
export interface RecordsLook {
  /** Number of records. */
  readonly records: number;
  /** Number of records that are equal to an earlier one. */
  readonly repeated: number;
  readonly columns: readonly ColumnLook[];
  /**
   * Sizes of `buckets: 'auto'` for the first two texts as source (S) and target with its end (T).
   * Absent with fewer than two texts.
   */
  readonly pairBuckets?: readonly Sizes[];
  /**
   * Sizes of both parts of `Records.split`, and the number of held-out records in the other part.
   */
  readonly split?: { readonly train: number; readonly validation: number; readonly shared: number };
}

/** Largest number of unknown symbols that are listed. */
const MAX_LISTED_SYMBOLS = 10;
/** An entry with more different values is not taken for labels. */
const MAX_LABELS = 50;

/** Whether few values are repeated, at least twice on average, so that they look like labels. */
function areLabels(counts: ReadonlyMap<string, number>): boolean {
  const total = sum(counts.values());
  return counts.size <= MAX_LABELS && 2 * counts.size <= total;
}

/**
 * Summarises records before training: entries, labels with their counts, lengths, buckets, and what
 * the held-out part of a random split shares with the training part or has alone.
 * @throws OptionError for a wrong option
 */
export function lookAt<R extends object>(records: Records<R>, options: LookOptions = {}): RecordsLook {
  if (!(records instanceof Records))
    throw new OptionError('records', records, 'records, such as records.of(rows)');
  onlyKnown('lookAt', options, ['validation', 'seed', 'tokens', 'batch']);
  const { validation = 0.1, seed = 0 } = options;
  const kind = oneOf('tokens', options.tokens ?? 'characters', SYMBOL_KINDS);
  const batch = wholeNumber('batch', options.batch ?? 32);
  numberWithin('validation', validation, 0, 1, true);
  const names = [...new Set([...records].flatMap((row) => Object.keys(row)))];
  const parts = validation > 0 && records.length > 1 ? records.split(validation, { seed }) : undefined;
  const columns = names.map((name) => {
    const of = (part: Iterable<object>): unknown[] => Array.from(part, (row) => entry(row, name));
    return lookAtColumn(name, of(records), parts && [of(parts.train), of(parts.validation)], kind, batch);
  });
  const texts = columns.filter(({ lengths, labels, unknown }) => lengths && unknown && !labels);
  const lengthsOf = ({ name }: ColumnLook): number[] =>
    Array.from(records, (row) => symbolsOf(entry(row, name), kind)?.length ?? 0);
  const rowKeys = (part: Iterable<object>): string[] => Array.from(part, key);
  return {
    records: records.length,
    repeated: records.length - new Set(rowKeys(records)).size,
    columns,
    ...(texts.length >= 2
      ? {
          pairBuckets: autoBuckets(
            { S: lengthsOf(texts[0]), T: lengthsOf(texts[1]).map((n) => n + 1) },
            batch,
          ),
        }
      : {}),
    ...(parts
      ? {
          split: {
            train: parts.train.length,
            validation: parts.validation.length,
            shared: sharedValues(rowKeys(parts.train), rowKeys(parts.validation)),
          },
        }
      : {}),
  };
}

function lookAtColumn(
  name: string,
  values: readonly unknown[],
  parts: readonly [train: readonly unknown[], validation: readonly unknown[]] | undefined,
  kind: (typeof SYMBOL_KINDS)[number],
  batch: number,
): ColumnLook {
  const keys = values.map(key);
  const names = values.flatMap(namesIn).filter((item) => item.trim() !== '');
  const counts = countsOf(names);
  const labels =
    names.length > 0 && areLabels(counts)
      ? [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      : undefined;
  const lengths = values.map((value) => symbolsOf(value, kind)?.length);
  const known = lengths.filter((length) => length !== undefined);
  const isSequence = known.length > 0 && (!labels || values.some(isListOfValues));
  return {
    name,
    empty: values.filter(isEmpty).length,
    distinct: new Set(keys).size,
    ...(labels ? { labels } : {}),
    ...(isSequence
      ? {
          lengths: summaryOf(known),
          buckets: autoBuckets({ T: known }, batch).map(({ T }) => T),
        }
      : {}),
    ...(parts && isSequence && values.some((value) => typeof value === 'string' || isNames(value))
      ? { unknown: unknownSymbols(parts, kind) }
      : {}),
    ...(parts && !labels ? { shared: sharedValues(parts[0].map(key), parts[1].map(key)) } : {}),
  };
}

function entry(row: object, name: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[name];
}

/** A text that is equal for equal values. Typed arrays, such as images, enter by a 64-bit hash. */
function key(value: unknown): string {
  const short = (_: string, item: unknown): unknown =>
    ArrayBuffer.isView(item) && !(item instanceof DataView) ? hashOf(item as Float32Array) : item;
  return JSON.stringify(value, short) ?? '';
}

/** Two multiplicative hashes of 32 bits with different multipliers. */
function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  let [a, b] = [byteLength, ~byteLength];
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x5bd1e995) ^ (b >>> 15);
  }
  return `${a},${b}`;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The names that a value would be as a label: itself, or as tags: the items of a list of texts. */
function namesIn(value: unknown): readonly string[] {
  if (isNames(value)) return value;
  return ['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : [];
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return value === undefined || value === null || (isListOfValues(value) && value.length === 0);
}

/** The symbols of a text or the items of a list. Undefined for other values, such as a number. */
function symbolsOf(value: unknown, kind: (typeof SYMBOL_KINDS)[number]): ArrayLike<unknown> | undefined {
  if (typeof value === 'string') return kind === 'words' ? splitWords(value) : Array.from(value);
  return isListOfValues(value) ? value : undefined;
}

function autoBuckets(lengths: Readonly<Record<string, readonly number[]>>, batch: number): Sizes[] {
  const letters = Object.keys(lengths);
  const fields = Object.fromEntries(
    letters.map((letter): [string, Field] => [letter, { dtype: 'u32', shape: [letter, 'N'] }]),
  );
  const rows = lengths[letters[0]].map((_, row) => ({
    arrays: {},
    sizes: Object.fromEntries(letters.map((letter) => [letter, Math.max(1, lengths[letter][row])])),
    count: 1,
  }));
  return bucketSizes({ fields, rows }, 'auto', batch);
}

function summaryOf(lengths: readonly number[]): LengthSummary {
  const sorted = [...lengths].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return {
    ...{ min: at(0), quarter: at(0.25), median: at(0.5) },
    ...{ threeQuarters: at(0.75), most95: at(0.95), max: at(1) },
  };
}

function unknownSymbols(
  [train, validation]: readonly [readonly unknown[], readonly unknown[]],
  kind: (typeof SYMBOL_KINDS)[number],
): UnknownSummary {
  const known = new Set<unknown>();
  for (const value of train) for (const symbol of Array.from(symbolsOf(value, kind) ?? [])) known.add(symbol);
  const held = validation.flatMap((value) => Array.from(symbolsOf(value, kind) ?? []));
  const counts = countsOf(held.filter((symbol) => !known.has(symbol)).map(String));
  return {
    count: sum(counts.values()),
    of: held.length,
    symbols: [...counts]
      .sort(([, m], [, n]) => n - m)
      .slice(0, MAX_LISTED_SYMBOLS)
      .map(([symbol]) => symbol),
  };
}

/** The number of values in `held` that `train` has too. */
function sharedValues(train: readonly string[], held: readonly string[]): number {
  const there = new Set(train);
  return held.filter((value) => there.has(value)).length;
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
