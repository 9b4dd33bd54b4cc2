import { OptionError } from '../../core/errors.js';
import { isListOfValues } from '../column.js';

/** Symbols of a sequence: words, characters or ids. */
export type Symbols = ArrayLike<string | number>;

/** @throws OptionError unless `symbols` is a text, an array or a typed array */
export function checkSymbols(option: string, symbols: unknown): asserts symbols is Symbols {
  if (typeof symbols !== 'string' && !isListOfValues(symbols))
    throw new OptionError(option, symbols, 'a list of symbols, or a text');
}

/** A generated sequence and the wanted one. */
export type SequencePair = readonly [generated: Symbols, wanted: Symbols];

function checkSequencePairs(pairs: unknown): asserts pairs is readonly SequencePair[] {
  if (!Array.isArray(pairs) || !pairs.every(Array.isArray))
    throw new OptionError('pairs', pairs, 'an array of pairs [generated, wanted]');
}

/** Whether two sequences are equal. */
export function isExactMatch(a: Symbols, b: Symbols): boolean {
  checkSymbols('a', a);
  checkSymbols('b', b);
  return a.length === b.length && Array.from(a).every((symbol, i) => symbol === b[i]);
}

/** Share of generated sequences that equal the wanted one. NaN without pairs. */
export function exactMatch(pairs: readonly SequencePair[]): number {
  checkSequencePairs(pairs);
  return pairs.filter(([generated, wanted]) => isExactMatch(generated, wanted)).length / pairs.length;
}

/**
 * The smallest number of insertions, deletions and substitutions that turn one sequence into the
 * other (Levenshtein, 1966), by the dynamic programming of Wagner and Fischer (JACM 21/1, 1974).
 */
export function editDistance(a: Symbols, b: Symbols): number {
  checkSymbols('a', a);
  checkSymbols('b', b);
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/**
 * Sum of all edit distances divided by the number of wanted symbols; 0 is perfect. With words as
 * symbols this is the word error rate. NaN if no symbol was wanted.
 */
export function editRate(pairs: readonly SequencePair[]): number {
  checkSequencePairs(pairs);
  const distance = pairs.reduce((sum, [generated, wanted]) => sum + editDistance(generated, wanted), 0);
  return distance / pairs.reduce((sum, [, wanted]) => sum + wanted.length, 0);
}
