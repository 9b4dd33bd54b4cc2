import { isFiniteSingle } from '../core/arrays.js';
import { DataError } from '../core/errors.js';
import type { Fields } from '../train/batch.js';
import { isListOfValues, wrongValue, type Column } from './column.js';
import { checkNormalize, standardized, statsOf, type Normalize, type Stats } from './stats.js';

/** Options of `numberColumn`. */
export interface NumberColumn<F extends Fields> extends Pick<
  Column<F>,
  'name' | 'title' | 'role' | 'fields'
> {
  /** C: features of the last axis. Each has its own statistics. */
  readonly size: number;
  readonly normalize: Normalize | undefined;
  /** Number of elements of a record. Undefined: any number of whole steps. */
  readonly elements?: number;
  /** Number of elements of a step. Default: C. */
  readonly step?: number;
  /** Allowed lengths of the innermost of nested lists. Default: C. */
  readonly inner?: readonly number[];
  /** What the column reads, for messages: `numbers [T,3]`. */
  readonly wanted: string;
  /** Makes the arrays of the fields from the scaled numbers. */
  readonly arrays: (values: Float32Array) => Readonly<Record<string, ArrayLike<number>>>;
  /** The options of the column as plain data, without `normalize`. */
  readonly json: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly pads: Column<F>['pads'];
}

/** A column that reads a number, nested lists of numbers, or one flat array. */
export function numberColumn<F extends Fields>(given: NumberColumn<F>): Column<F> {
  const { name, title, role, fields, pads, size, normalize, elements, wanted, arrays } = given;
  const { inner = [size], step = size, json } = given;
  checkNormalize(normalize, size);
  const read = (value: unknown, where: string): Float32Array => {
    const values = flatten(value, where, title, wanted, inner);
    if (values.length === 0)
      throw new DataError(`${where}: "${name}" is empty, but ${title} needs at least one step.`);
    if (elements === undefined ? values.length % step !== 0 : values.length !== elements)
      throw new DataError(
        `${where}: ${title} reads ${wanted}, ${elements === undefined ? 'a multiple of ' : ''}` +
          `${elements ?? step} in all, but "${name}" has ${values.length}.`,
      );
    return values;
  };
  const build = (stats: Stats | undefined): Column<F> => ({
    ...{ name, title, role, fields, pads },
    ...(stats ? { stats } : {}),
    ...(role === 'target' ? { leavesPadsOut: false } : {}),
    toJSON: () => ({ ...json, name, ...(normalize ? { normalize: stats ?? normalize } : {}) }),
    encode: (value, where) => {
      if (normalize && !stats)
        throw new DataError(
          `${title} scales by statistics, which a data set computes from its records first.`,
        );
      const values = read(value, where);
      const scaled = stats ? standardized(values, stats) : values;
      return { arrays: arrays(scaled), ...(role === 'target' ? { count: values.length } : {}) };
    },
    ...(normalize === 'standard' && !stats
      ? { fit: (values) => build(statsOf(allOf(values, read), size)) }
      : {}),
  });
  return build(normalize === 'standard' ? undefined : normalize);
}

function* allOf(
  values: Iterable<readonly [unknown, string]>,
  read: (value: unknown, where: string) => Float32Array,
): Generator<Float32Array> {
  for (const [value, where] of values) yield read(value, where);
}

/**
 * All numbers of nested lists in one array.
 * @param inner allowed lengths of the innermost lists
 * @throws DataError for another length, or an item that is not a finite number
 */
function flatten(
  value: unknown,
  where: string,
  title: string,
  wanted: string,
  inner: readonly number[],
): Float32Array {
  const flat = typeof value === 'number' ? [value] : value;
  if (!isListOfValues(flat)) throw wrongValue(where, title, wanted, value);
  const found: number[] = [];
  const visit = (list: ArrayLike<unknown>): void => {
    const isInner = list !== flat && !Array.from(list).some(isListOfValues);
    if (isInner && !inner.includes(list.length))
      throw new DataError(
        `${where}: ${title} reads ${wanted}, but a list inside has ${list.length} numbers instead of ` +
          `${inner.join(' or ')}.`,
      );
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (isListOfValues(item)) visit(item);
      else if (isFiniteSingle(item)) found.push(item);
      else throw wrongValue(where, title, `${wanted}, finite ones up to 3.4e38`, item);
    }
  };
  if (flat instanceof Float32Array && flat.every(Number.isFinite)) return flat;
  visit(flat);
  return Float32Array.from(found);
}
