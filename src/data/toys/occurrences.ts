import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

/** What `occurrences` takes. */
export interface OccurrencesOptions extends ToyOptions {
  /** Different letters. Default 3. */
  readonly letters?: number;
  /** Default 3. */
  readonly shortest?: number;
  /** Default 12. */
  readonly longest?: number;
}

/** The tags of `occurrences`, for `labels`. */
export const OCCURRENCE_TAGS = ['only', 'first', 'middle', 'last'] as const;

/**
 * Which occurrence of its letter each letter of a string is: `abac` has the tags first, only, last,
 * only. Whether a letter came before is known to who reads forwards, whether it comes again to who
 * reads backwards: a tagger needs both directions.
 * - `text`
 * - `tags`, one for each letter
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
