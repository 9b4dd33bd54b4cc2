import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

/** Options of `occurrences`. */
export interface OccurrencesOptions extends ToyOptions {
  /** Number of different letters. Default 3. */
  readonly letters?: number;
  /** Smallest number of letters of a string. Default 3. */
  readonly shortest?: number;
  /** Largest number of letters of a string. Default 12. */
  readonly longest?: number;
}

/** The tags of `occurrences`, for `labels`. */
export const OCCURRENCE_TAGS = ['only', 'first', 'middle', 'last'] as const;

/**
 * Strings whose letters are tagged by occurrence: `abac` has the tags first, only, last, only. To
 * know whether the same letter comes before, a tagger must read forwards; to know whether it comes
 * after, backwards. So it needs both directions.
 * - `text`: the string
 * - `tags`: one for each letter
 */
export function occurrences(options: OccurrencesOptions): Records<{ text: string; tags: string[] }> {
  onlyKnown('occurrences', options, ['count', 'seed', 'letters', 'shortest', 'longest']);
  const letters = wholeNumber('letters', options.letters ?? 3, 1, 26);
  const [shortest, longest] = checkRange(options.shortest ?? 3, options.longest ?? 12);
  return madeRecords(options, (random) => {
    const length = shortest + random.below(longest - shortest + 1);
    const text = Array.from({ length }, () => String.fromCharCode(97 + random.below(letters)));
    const tags = text.map((letter, t) => {
      const isBefore = text.indexOf(letter) < t;
      const isAfter = text.lastIndexOf(letter) > t;
      return OCCURRENCE_TAGS[(isBefore ? 2 : 0) + (isBefore === isAfter ? 0 : 1)];
    });
    return { text: text.join(''), tags };
  });
}
