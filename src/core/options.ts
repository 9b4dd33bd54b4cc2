import { OptionError } from './errors.js';

/** Checks that `value` is a whole number from `least` to `most`. @returns the value */
export function wholeNumber(option: string, value: unknown, least = 1, most = Infinity): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new OptionError(option, value, `a whole number ${range}`);
  }
  return value;
}

/** The largest seed: seeds are unsigned 32-bit words on every device. */
export const LARGEST_SEED = 2 ** 32 - 1;

/**
 * Checks that `value` is a seed. A larger number is refused, since it would give the same random
 * numbers as its low 32 bits.
 * @returns the value; 0 if it is undefined
 */
export function seedNumber(value: unknown, option = 'seed'): number {
  return wholeNumber(option, value ?? 0, 0, LARGEST_SEED);
}

/**
 * Checks that `value` is finite and above `above`, or equal to it with `inclusive`.
 * @returns the value
 */
export function numberAbove(option: string, value: unknown, above = 0, inclusive = false): number {
  const fits =
    typeof value === 'number' && Number.isFinite(value) && (inclusive ? value >= above : value > above);
  if (!fits)
    throw new OptionError(option, value, `a finite number ${inclusive ? 'of at least' : 'above'} ${above}`);
  return value;
}

/** Checks that low ≤ `value` ≤ high, or `value` < high with `openEnd`. @returns the value */
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

/** @throws OptionError where `value` is not a string */
export function checkText(option: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new OptionError(option, value, 'a text');
}

/** @throws OptionError where `value` is neither an array nor a typed array */
export function checkNumberList(option: string, value: unknown): asserts value is ArrayLike<number> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) throw new OptionError(option, value, 'an array of numbers');
}

/** @throws OptionError where `value` is not a boolean */
export function trueOrFalse(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new OptionError(option, value, 'true or false');
}

/** Checks that `value` is one of `choices`. @returns the value */
export function oneOf<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw new OptionError(option, value, `one of ${choices.join(', ')}`);
  return value as T;
}

/**
 * Checks that `options` is an object that has no other keys than `known`: a misspelt option must
 * not be ignored.
 * @throws OptionError
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
