import { OptionError } from '../../core/errors.js';
import { onlyKnown, wholeNumber } from '../../core/options.js';
import type { Random } from '../../core/random.js';
import { between } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';
import type { Pair } from './strings.js';

/** Options of `addition`. */
export interface AdditionOptions extends ToyOptions {
  /** Largest number of digits of a summand, from 1 to 15. Default 3. */
  readonly digits?: number;
  /**
   * Whether the source is written backwards. This brings the first digits of the sum closer to the
   * digits that they depend on. Default false.
   */
  readonly reversed?: boolean;
}

/**
 * Sums of two numbers, of 1 to `digits` digits each: `{ source: '12+345', target: '357' }`, with
 * `reversed` `{ source: '543+21', target: '357' }`.
 */
export function addition(options: AdditionOptions): Records<Pair> {
  onlyKnown('addition', options, ['count', 'seed', 'digits', 'reversed']);
  const digits = wholeNumber('digits', options.digits ?? 3, 1, 15);
  const { reversed = false } = options;
  if (typeof reversed !== 'boolean') throw new OptionError('reversed', reversed, 'true or false');
  return madeRecords(options, (random) => {
    const [a, b] = [numberOfDigits(random, digits), numberOfDigits(random, digits)];
    const sum = `${a}+${b}`;
    return { source: reversed ? [...sum].reverse().join('') : sum, target: String(a + b) };
  });
}

/** A key that is equal for sums of the same two numbers, in either order and direction. */
export function additionKey({ source }: Pair): string {
  const numbers = source.split('+').sort();
  return numbers.join('+');
}

/** A random number. Each number of digits from 1 to `most` is equally frequent. */
export function numberOfDigits(random: Random, most: number): number {
  const length = between(random, 1, most);
  const first = length === 1 ? 0 : 1;
  let value = between(random, first, 9);
  for (let i = 1; i < length; i++) value = 10 * value + random.below(10);
  return value;
}
