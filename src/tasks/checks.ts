import { DataError } from '../core/errors.js';
import type { Batch } from '../train/batch.js';

/** A field of ids, with its description for messages. */
export interface IdField {
  readonly name: string;
  /** Number of symbols. The id of this number means none or padding. */
  readonly symbols: number;
  /** Name of a symbol in messages, such as `a label`. */
  readonly noun: string;
}

/** @throws DataError for an id above the number of symbols */
export function checkIds({ arrays }: Batch, { name, symbols, noun }: IdField): void {
  // A batch of a prediction lacks its targets.
  const at = arrays[name]?.findIndex((id) => id > symbols);
  if (at !== undefined && at >= 0)
    throw new DataError(
      `"${name}" has the id ${arrays[name][at]} at element ${at}, but ${noun} is 0 to ${symbols - 1}, or ` +
        `${symbols} for none.`,
    );
}

/** @throws DataError for a length below 1 or above the steps of the batch */
export function checkLengths({ arrays, sizes }: Batch, name: string, letter: 'T' | 'S'): void {
  const most = sizes[letter];
  const row = arrays[name].findIndex((length) => !(length >= 1 && length <= most));
  if (row >= 0)
    throw new DataError(
      `"${name}" has ${arrays[name][row]} for row ${row}, but a row has 1 to ${letter} = ${most} steps in ` +
        'this batch.',
    );
}

/** @throws DataError for a number that is not finite */
export function checkNumbers({ arrays }: Batch, name: string): void {
  const at = arrays[name]?.findIndex((value) => !Number.isFinite(value));
  if (at !== undefined && at >= 0)
    throw new DataError(`"${name}" has ${arrays[name][at]} at element ${at}: numbers must be finite.`);
}
