import { onlyKnown } from '../../core/options.js';
import type { Random } from '../../core/random.js';
import { between, pick } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

/** A source text and its target text. */
export interface Pair {
  readonly source: string;
  readonly target: string;
}

/** Options of `reversing` and `sorting`. */
export interface StringsOptions extends ToyOptions {
  /** Symbols of the strings, in the order of `sorting`. Default `abcdefgh`. */
  readonly symbols?: string;
  /** Smallest number of symbols of a source. Default 3. */
  readonly shortest?: number;
  /** Largest number of symbols of a source. Default 10. */
  readonly longest?: number;
}

/**
 * Strings and the same strings backwards, for an encoder–decoder: `{ source: 'abc', target: 'cba'
 * }`. Without attention, one vector must store the whole string.
 */
export function reversing(options: StringsOptions): Records<Pair> {
  return strings('reversing', options, (ids) => [...ids].reverse());
}

/**
 * Strings and their symbols in order: `{ source: 'cab', target: 'abc' }`. Every symbol of the
 * target depends on the whole source.
 */
export function sorting(options: StringsOptions): Records<Pair> {
  return strings('sorting', options, (ids) => [...ids].sort((a, b) => a - b));
}

function strings(
  name: string,
  options: StringsOptions,
  targetOf: (ids: readonly number[]) => readonly number[],
): Records<Pair> {
  onlyKnown(name, options, ['count', 'seed', 'symbols', 'shortest', 'longest']);
  const [shortest, longest] = checkRange(options.shortest ?? 3, options.longest ?? 10);
  const symbols = [...(options.symbols ?? 'abcdefgh')];
  const places = [...symbols.keys()];
  const textOf = (ids: readonly number[]): string => ids.map((id) => symbols[id]).join('');
  return madeRecords(options, (random: Random) => {
    const ids = Array.from({ length: between(random, shortest, longest) }, () => pick(random, places));
    return { source: textOf(ids), target: textOf(targetOf(ids)) };
  });
}
