import { OptionError } from '../core/errors.js';
import { onlyKnown, oneOf, trueOrFalse, wholeNumber } from '../core/options.js';
import type { Value } from './trial.js';

/** The values that an option takes in a sweep. */
export type Parameter = ValueList | Range;

/** Values to choose from. */
export interface ValueList {
  readonly kind: 'values';
  readonly values: readonly Value[];
}

/** Numbers from one to another, both included. */
export interface Range {
  readonly kind: 'range';
  readonly from: number;
  readonly to: number;
  readonly scale: 'linear' | 'log';
  /** Whole numbers only. */
  readonly whole: boolean;
  /**
   * Number of values in a grid, evenly spaced on the scale; undefined if the range is for other
   * orders only.
   */
  readonly points: number | undefined;
}

const RANGE_KEYS = ['from', 'to', 'scale', 'whole', 'points'];

/**
 * Reads the values of an option from a file: a list, `{ choice: [...] }`, or a range `{ from, to,
 * scale: 'linear'
 * 'log', whole, points }`.
 * @param name of the option, for messages
 * @throws OptionError
 */
export function readParameter(name: string, given: unknown): Parameter {
  if (Array.isArray(given)) return readValues(name, given);
  onlyKnown(name, given, [...RANGE_KEYS, 'choice']);
  const { choice, ...rest } = given as Readonly<Record<string, unknown>>;
  if (choice === undefined) return readRange(name, rest);
  if (Object.keys(rest).length > 0) throw new OptionError(name, given, 'either "choice" or a range');
  return readValues(`${name}.choice`, choice);
}

function readValues(name: string, values: unknown): ValueList {
  if (!Array.isArray(values) || values.length === 0)
    throw new OptionError(name, values, 'a list with at least one value');
  for (const value of values as readonly unknown[])
    if (!['string', 'number', 'boolean'].includes(typeof value) || Number.isNaN(value))
      throw new OptionError(name, value, 'texts, numbers, true or false');
  const twice = (values as readonly Value[]).find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined)
    throw new OptionError(name, values, `every value once, not ${String(twice)} twice`);
  return { kind: 'values', values: values as readonly Value[] };
}

function readRange(name: string, given: Readonly<Record<string, unknown>>): Range {
  const { from, to, scale = 'linear', whole = false, points } = given;
  trueOrFalse(`${name}.whole`, whole);
  oneOf(`${name}.scale`, scale, ['linear', 'log']);
  const isNumber = whole === true ? Number.isSafeInteger : Number.isFinite;
  const accepted = `a ${whole === true ? 'whole' : 'finite'} number${scale === 'log' ? ' above 0' : ''}`;
  for (const [end, value] of Object.entries({ from, to }))
    if (!isNumber(value) || (scale === 'log' && Number(value) <= 0))
      throw new OptionError(`${name}.${end}`, value, accepted);
  if (Number(from) >= Number(to))
    throw new OptionError(`${name}.to`, to, `a number above "from", which is ${String(from)}`);
  if (points !== undefined) wholeNumber(`${name}.points`, points, 2, 1e6);
  return {
    kind: 'range',
    from: Number(from),
    to: Number(to),
    scale: scale as Range['scale'],
    whole: whole === true,
    points: points as number | undefined,
  };
}

/**
 * Returns the value at a place of the parameter, for orders that draw places. @param place in [0,
 * 1)
 */
export function valueAt(parameter: Parameter, place: number): Value {
  if (parameter.kind === 'values') return parameter.values[Math.floor(place * parameter.values.length)];
  const { from, to, scale, whole } = parameter;
  // Every whole number, including the first and the last, has an interval of the same width.
  const margin = whole ? 0.5 : 0;
  const value = between(from - margin, to + margin, scale, place);
  return whole ? Math.min(to, Math.max(from, Math.round(value))) : value;
}

function between(from: number, to: number, scale: Range['scale'], share: number): number {
  if (scale === 'linear') return from + share * (to - from);
  return from * (to / from) ** share;
}

/**
 * Returns all values of a parameter in a grid.
 * @throws OptionError for a range without `points`
 */
export function gridValues(name: string, parameter: Parameter): readonly Value[] {
  if (parameter.kind === 'values') return parameter.values;
  const { from, to, scale, whole, points } = parameter;
  if (points === undefined)
    throw new OptionError(`${name}.points`, points, 'the number of values of the range in a grid');
  const values = Array.from({ length: points }, (_, i) => {
    if (i === 0 || i === points - 1) return i === 0 ? from : to;
    const value = between(from, to, scale, i / (points - 1));
    return whole ? Math.round(value) : Number(value.toPrecision(6));
  });
  return [...new Set(values)];
}
