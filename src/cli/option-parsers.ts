import { InvalidArgumentError } from 'commander';
import type { Initializer } from '../node.js';

/** Parses the text of one option. Commander adds the option's name to its error. */
export type Parser<T> = (text: string) => T;

/** A whole number from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Parser<number> {
  return (text) => {
    const value = numberOf(text);
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(
        `Expected a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}.`,
      );
    return value;
  };
}

/** Most records of a made-up data set: all differ, and all are in memory. */
export const MOST_MADE = 10_000_000;

/** Parses a share from 0 to below 1. */
export const fraction: Parser<number> = (text) => {
  const value = numberOf(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('Expected a number from 0 to below 1.');
  return value;
};

/** Initial weights. `torch` is PyTorch's default, whose bound depends on the hidden units. */
export type InitFlag = 'torch' | Initializer;

/**
 * Parses `torch`, `uniform:B`, `normal:D`, `glorot`, `orthogonal` or `identity`. The last two are for
 * recurrent weights; the others then use glorot, or with `:D` a normal distribution.
 */
export const initializer: Parser<InitFlag> = (text) => {
  const [kind, value, ...rest] = text.split(':');
  const size = value === undefined ? NaN : numberOf(value);
  const sized = Number.isFinite(size) && size >= 0 && rest.length === 0;
  if (kind === 'uniform' && sized) return { kind, bound: size };
  if (kind === 'normal' && sized) return { kind, deviation: size };
  if (kind === 'orthogonal' || kind === 'identity') {
    if (value === undefined) return { kind: 'glorot', recurrent: kind };
    if (sized) return { kind: 'normal', deviation: size, recurrent: kind };
  }
  if (value === undefined && kind === 'glorot') return { kind };
  if (value === undefined && kind === 'torch') return kind;
  throw new InvalidArgumentError(
    'Expected torch, uniform:BOUND, normal:DEVIATION, glorot, orthogonal, identity, orthogonal:DEVIATION or ' +
      'identity:DEVIATION.',
  );
};

/** A finite number from `low` (or above it, with `open`) to `high`. */
export function number(low: number, high = Infinity, open = false): Parser<number> {
  return (text) => {
    const value = numberOf(text);
    const fits = Number.isFinite(value) && (open ? value > low : value >= low) && value <= high;
    if (!fits)
      throw new InvalidArgumentError(
        `Expected a number ${open ? 'above' : 'from'} ${low}${high === Infinity ? '' : ` to ${high}`}.`,
      );
    return value;
  };
}

/** Parses a share above 0 and below 1, or 0 for none. */
export function share(text: string): number {
  const value = numberOf(text);
  if (!(value >= 0 && value < 1))
    throw new InvalidArgumentError('Expected a number above 0 and below 1, or 0 for none.');
  return value;
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** Parses names separated by commas. */
export const names: Parser<string[]> = (text) => {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('Expected names with commas between them.');
  return list;
};

/** Parses whole numbers from 1, separated by commas. */
export const wholes: Parser<number[]> = (text) => text.split(',').map((part) => whole(1)(part.trim()));

/** The name of a weight or module in a file, and its name here. */
export type NameMapping = readonly [from: string, to: string];

/** Parses `FROM=TO`, which may be given several times. */
export function nameMapping(text: string, before: readonly NameMapping[] | undefined): NameMapping[] {
  const [from, to, ...rest] = text.split('=');
  if (from === '' || to === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected FROM=TO, such as decoder=head.');
  return [...(before ?? []), [from, to]];
}

/** Parses a number. Unlike Number(), it refuses an empty text and hexadecimal. */
function numberOf(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
