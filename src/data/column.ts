import { DataError, describe } from '../core/errors.js';
import { describeField, type Fields } from '../train/batch.js';
import type { Records } from './records.js';
import type { Stats } from './stats.js';

/** An entry of one record as numbers. */
export interface EncodedValue {
  /**
   * By field: the row's part of the array, row-major, without the axis N and without padding. For
   * `x [T,N,C]` it is [steps,C].
   */
  readonly arrays: Readonly<Record<string, ArrayLike<number>>>;
  /** Number of targets that count in the loss. Only target columns set it. */
  readonly count?: number;
}

/** A column as plain data. `kind` names the function that makes the column. */
export interface ColumnJSON {
  readonly kind: string;
  readonly name: string;
  readonly [option: string]: unknown;
}

/** Turns one entry of every record into arrays of a batch. */
export interface Column<F extends Fields = Fields> {
  /** Name of the entry that the column reads. */
  readonly name: string;
  /** Name of the column in messages: `tokens("text")`. */
  readonly title: string;
  /** `input`: predictions need the entry. `target`: only training and evaluation need it. */
  readonly role: 'input' | 'target';
  /**
   * The arrays that the column writes. The axis N is the first one, or the second one after a
   * letter (steps, which are padded) or a number.
   */
  readonly fields: F;
  /** By field: the value of padded places. */
  readonly pads: { readonly [K in keyof F]: number };
  /** Whether a row of padding has no loss, so that such rows can fill up a batch. For targets. */
  readonly leavesPadsOut?: boolean;
  /** The statistics that the numbers are scaled by. Absent if they are not scaled. */
  readonly stats?: Stats;
  /**
   * @param where name of the record in messages
   * @throws DataError for a value that the column cannot read
   */
  encode(value: unknown, where: string): EncodedValue;
  /**
   * Returns the column with the statistics of these values. Absent once the column has them.
   * @param values entries, each with the name of its record in messages
   */
  readonly fit?: (values: Iterable<readonly [value: unknown, where: string]>) => Column<F>;
  /** The column with its statistics as plain data. `columnFromJSON` is the inverse. */
  readonly toJSON?: () => ColumnJSON;
}

/** The entry that a column reads. @throws DataError if the record lacks it */
export function entryOf(record: object, { name, title, fields }: Column, where: string): unknown {
  const value = (record as Readonly<Record<string, unknown>>)[name];
  if (value !== undefined) return value;
  const made = Object.entries(fields).map(([field, shape]) => `"${field}" as ${describeField(shape)}`);
  const names = Object.keys(record).map((each) => `"${each}"`);
  throw new DataError(
    `${where} has no "${name}"; it has ${names.join(', ') || 'nothing'}. ${title} makes ` +
      `${made.join(' and ')} of it.`,
  );
}

const fitted = new WeakMap<Records<object>, Map<Column, Column>>();

/**
 * The column with the statistics of `Records.reference`. A column that needs none stays as it is.
 */
export function fitColumn<C extends Column>(column: C, { reference }: Records<object>): C {
  if (!column.fit) return column;
  const known = fitted.get(reference) ?? new Map<Column, Column>();
  fitted.set(reference, known);
  const ready = known.get(column) ?? column.fit(entriesOf(column, reference));
  known.set(column, ready);
  return ready as C;
}

function* entriesOf(column: Column, records: Records<object>): Generator<readonly [unknown, string]> {
  for (let place = 0; place < records.length; place++) {
    const where = records.nameOf(place);
    yield [entryOf(records.at(place), column, where), where];
  }
}

/** The error for a value that a column cannot read. @param wanted what it reads */
export function wrongValue(where: string, title: string, wanted: string, value: unknown): DataError {
  return new DataError(`${where}: ${title} reads ${wanted}, but got ${describe(value)}.`);
}

/** Whether a value is an array or a typed array. */
export function isListOfValues(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
