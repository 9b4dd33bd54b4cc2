import { onlyKnown } from '../../core/options.js';
import type { Random } from '../../core/random.js';
import { between, pick } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

/** A text and what is to be written for it. */
export interface Pair {
  readonly source: string;
  readonly target: string;
}

/** What `reversing` and `sorting` take. */
export interface StringsOptions extends ToyOptions {
  /** Symbols of the strings; sorting puts them into this order. Default `abcdefgh`. */
  readonly symbols?: string;
  /** Default 3. */
  readonly shortest?: number;
  /** Default 10. */
  readonly longest?: number;
}

/**
 * Strings and the same strings backwards: `{ source: 'abc', target: 'cba' }`. For an
 * encoder–decoder; without attention the whole string must fit into one vector.
 */
export function reversing(options: StringsOptions): Records<Pair> {
  return strings('reversing', options, (ids) => [...ids].reverse());
}

/**
 * Strings and their symbols in order: `{ source: 'cab', target: 'abc' }`. Every symbol of the target
 * depends on the whole source.
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
