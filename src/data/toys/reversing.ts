import { onlyKnown } from '../../core/options.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';
import type { Records } from '../records.js';

/** What `reversing` takes. */
export interface ReversingOptions extends ToyOptions {
  /** Symbols of the strings. Default `abcdefgh`. */
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
export function reversing(options: ReversingOptions): Records<{ source: string; target: string }> {
  onlyKnown('reversing', options, ['count', 'seed', 'symbols', 'shortest', 'longest']);
  const [shortest, longest] = checkRange(options.shortest ?? 3, options.longest ?? 10);
  const symbols = [...(options.symbols ?? 'abcdefgh')];
  return madeRecords(options, (random) => {
    const length = shortest + random.below(longest - shortest + 1);
    const text = Array.from({ length }, () => symbols[random.below(symbols.length)]);
    return { source: text.join(''), target: [...text].reverse().join('') };
  });
}
