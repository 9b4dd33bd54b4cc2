import { onlyKnown, wholeNumber } from '../../core/options.js';
import { pick } from '../../text/synthetic/language.js';
import { COPY_BLANK, COPY_MARK, COPY_SYMBOLS } from '../../text/synthetic/copy-memory.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

/** Options of `copyMemoryRecords`; see `copyMemory`. */
export interface CopyMemoryRecordOptions extends ToyOptions {
  /** Number of symbols to remember. Default 10. */
  readonly symbols?: number;
  /** Number of steps from the last symbol to the recall mark. Default 30. */
  readonly delay?: number;
}

/**
 * The copy-memory task of `copyMemory` as records for a tagger.
 * - `tokens`: the symbols, blanks, the recall mark, blanks
 * - `tags`: null at every step before the last ones, then the symbols
 */
export function copyMemoryRecords(
  options: CopyMemoryRecordOptions,
): Records<{ tokens: string[]; tags: (string | null)[] }> {
  onlyKnown('copyMemoryRecords', options, ['count', 'seed', 'symbols', 'delay']);
  const symbols = wholeNumber('symbols', options.symbols ?? 10);
  const delay = wholeNumber('delay', options.delay ?? 30);
  const blanks = (count: number): string[] => new Array<string>(count).fill(COPY_BLANK);
  return madeRecords(options, (random) => {
    const wanted = Array.from({ length: symbols }, () => pick(random, COPY_SYMBOLS));
    return {
      tokens: [...wanted, ...blanks(delay - 1), COPY_MARK, ...blanks(symbols)],
      tags: [...new Array<null>(symbols + delay).fill(null), ...wanted],
    };
  });
}
