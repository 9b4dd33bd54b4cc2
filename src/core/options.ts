import { OptionError } from './errors.js';

/** Checks that `value` is a whole number from `least` to `most`, and returns it. */
export function wholeNumber(option: string, value: unknown, least = 1, most = Infinity): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new OptionError(option, value, `a whole number ${range}`);
  }
  return value;
}

/** Seeds are the 32-bit words that the random numbers start from, on every device. */
export const LARGEST_SEED = 2 ** 32 - 1;

/**
 * Checks that `value` is a seed, and returns it; 0 where it is undefined. A larger number is
 * refused, since it would draw the same numbers as its low 32 bits.
 */
export function seedNumber(value: unknown, option = 'seed'): number {
  return wholeNumber(option, value ?? 0, 0, LARGEST_SEED);
}

/** Checks that `value` is a finite number above `above` (or from it, with `inclusive`). */
export function numberAbove(option: string, value: unknown, above = 0, inclusive = false): number {
  const fits =
    typeof value === 'number' && Number.isFinite(value) && (inclusive ? value >= above : value > above);
  if (!fits)
    throw new OptionError(option, value, `a finite number ${inclusive ? 'of at least' : 'above'} ${above}`);
  return value;
}

/** Checks that `value` is a number in the closed or half-open interval from `low` to `high`. */
export function numberWithin(
  option: string,
  value: unknown,
  low: number,
  high: number,
  openEnd = false,
): number {
  const fits = typeof value === 'number' && value >= low && (openEnd ? value < high : value <= high);
  if (!fits)
    throw new OptionError(option, value, `a number from ${low} to ${openEnd ? 'below ' : ''}${high}`);
  return value;
}

/** Refuses what is no text. */
export function checkText(option: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new OptionError(option, value, 'a text');
}

/** Refuses what is no list of numbers, such as ids: an array or a typed array. */
export function checkNumberList(option: string, value: unknown): asserts value is ArrayLike<number> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) throw new OptionError(option, value, 'an array of numbers');
}

/** Refuses what is neither true nor false. */
export function trueOrFalse(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new OptionError(option, value, 'true or false');
}

/** Checks that `value` is one of `choices`. */
export function oneOf<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw new OptionError(option, value, `one of ${choices.join(', ')}`);
  return value as T;
}

/**
 * Refuses keys that `options` should not have: a misspelt option must not be ignored in silence. So
 * are no options what is no object.
 */
export function onlyKnown(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new OptionError(what, options, `an object with any of ${known.join(', ')}`);
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new OptionError(
        `${what}.${key}`,
        (options as Record<string, unknown>)[key],
        `one of the options ${known.join(', ')}`,
      );
  }
}
