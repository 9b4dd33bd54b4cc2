import type { faults } from '../words/en/faults.js';

/** The sentences of the page's own faults. */
export type FaultWords = typeof faults;

/**
 * A fault of the page's own. Its sentence is taken from the table of the language when it is told:
 * nobody loads the table before.
 */
export class PageError extends Error {
  override readonly name = 'PageError';

  /** @param option the field that it concerns, if any */
  constructor(
    readonly sentence: (words: FaultWords) => string,
    readonly option?: string,
  ) {
    super('A fault of the page, in the words of the table “faults”.');
  }
}
