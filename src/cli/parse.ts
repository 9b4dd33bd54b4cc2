import { InvalidArgumentError } from 'commander';

/** Reads the text of one option; commander puts the option's name before what it throws. */
export type Parser<T> = (text: string) => T;

/** A whole number of at least `least`. */
export function whole(least: number): Parser<number> {
  return (text) => {
    const value = numberOf(text);
    if (!Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    return value;
  };
}

/** A finite number from `low` (or above it, with `open`) to `high`. */
export function number(low: number, high = Infinity, open = false): Parser<number> {
  return (text) => {
    const value = numberOf(text);
    const fits = Number.isFinite(value) && (open ? value > low : value >= low) && value <= high;
    if (!fits) throw new InvalidArgumentError(`Expected a number ${open ? 'above' : 'from'} ${low}${high === Infinity ? '' : ` to ${high}`}.`);
    return value;
  };
}

/** A share above 0 and below 1. */
export function share(text: string): number {
  const value = numberOf(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number above 0 and below 1.');
  return value;
}

/** For an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** Unlike Number(), this takes neither an empty text nor hexadecimal. */
function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
