import { OptionError } from '../../core/errors.js';
import { seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';
import { records, type Records } from '../records.js';

/** Options of every made-up task. */
export interface ToyOptions {
  /** Number of records. */
  readonly count: number;
  /** Decides the records. Default 0. */
  readonly seed?: number;
}

/** Makes `count` random records, one after another. */
export function madeRecords<R extends object>(
  { count, seed }: ToyOptions,
  make: (random: Random) => R,
): Records<R> {
  const random = new Random(seedNumber(seed), STREAM.data);
  return records.of(Array.from({ length: wholeNumber('count', count) }, () => make(random)));
}

/** Returns both lengths. @throws OptionError if the longest is below the shortest */
export function checkRange(shortest: number, longest: number): readonly [number, number] {
  wholeNumber('shortest', shortest);
  if (wholeNumber('longest', longest) < shortest)
    throw new OptionError('longest', longest, `at least ${shortest}, the shortest`);
  return [shortest, longest];
}
