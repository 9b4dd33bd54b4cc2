import { DataError } from '../core/errors.js';
import type { Batch } from '../train/batch.js';

/** What a batch's ids mean, for messages. */
export interface IdField {
  readonly name: string;
  /** How many there are; the id of this number stands for none or padding. */
  readonly symbols: number;
  /** Such as `a label` */
  readonly noun: string;
}

/** Refuses ids above the number of symbols. @throws DataError naming the place and the id */
export function checkIds({ arrays }: Batch, { name, symbols, noun }: IdField): void {
  // A prediction has no targets.
  const at = arrays[name]?.findIndex((id) => id > symbols);
  if (at !== undefined && at >= 0)
    throw new DataError(
      `"${name}" has the id ${arrays[name][at]} at element ${at}, but ${noun} is 0 to ${symbols - 1}, or ` +
        `${symbols} for none.`,
    );
}

/** Refuses lengths that do not fit the batch. @throws DataError naming the row and the length */
export function checkLengths({ arrays, sizes }: Batch, name: string, letter: 'T' | 'S'): void {
  const most = sizes[letter];
  const row = arrays[name].findIndex((length) => !(length >= 1 && length <= most));
  if (row >= 0)
    throw new DataError(
      `"${name}" has ${arrays[name][row]} for row ${row}, but a row has 1 to ${letter} = ${most} steps in ` +
        'this batch.',
    );
}

/** Refuses numbers that are not finite. @throws DataError naming the place */
export function checkNumbers({ arrays }: Batch, name: string): void {
  const at = arrays[name]?.findIndex((value) => !Number.isFinite(value));
  if (at !== undefined && at >= 0)
    throw new DataError(`"${name}" has ${arrays[name][at]} at element ${at}: numbers must be finite.`);
}
