import { DataError, describe } from '../core/errors.js';
import { describeField, type Fields } from '../train/batch.js';
import type { Records } from './records.js';
import type { Stats } from './stats.js';

/** One record's entry as numbers. */
export interface EncodedValue {
  /**
   * By field: the row's own part of the array, without the axis N and without padding, row-major.
   * Of `x [T,N,C]` it is [steps,C].
   */
  readonly arrays: Readonly<Record<string, ArrayLike<number>>>;
  /** Targets that count. Of target columns. */
  readonly count?: number;
}

/** A column as plain data. `kind` names the function that makes it again. */
export interface ColumnJSON {
  readonly kind: string;
  readonly name: string;
  readonly [option: string]: unknown;
}

/** Turns an entry of every record into arrays of a batch. */
export interface Column<F extends Fields = Fields> {
  /** The entry of a record that the column reads. */
  readonly name: string;
  /** How messages name the column: `tokens("text")`. */
  readonly title: string;
  /** `input`: a prediction needs it. `target`: a prediction works without it. */
  readonly role: 'input' | 'target';
  /**
   * The arrays that the column writes. The axis N comes first, or second after a letter (steps,
   * which are padded) or a number.
   */
  readonly fields: F;
  /** By field: the value of padded places. */
  readonly pads: { readonly [K in keyof F]: number };
  /** Of a target: whether a row of pads has no loss, so that a batch can be filled up with such rows. */
  readonly leavesPadsOut?: boolean;
  /** The statistics by which the numbers are scaled, where they are. */
  readonly stats?: Stats;
  /**
   * @param where names the record in messages
   * @throws DataError for a value that does not fit
   */
  encode(value: unknown, where: string): EncodedValue;
  /**
   * The column with statistics of these values. Present while it lacks them.
   * @param values entries with their names in messages
   */
  readonly fit?: (values: Iterable<readonly [value: unknown, where: string]>) => Column<F>;
  /** Plain data, with the statistics, of which `columnFromJSON` makes an equal column. */
  readonly toJSON?: () => ColumnJSON;
}

/** The entry that a column reads. @throws DataError naming the entries that are there */
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

/** The column with the statistics of the records' reference, where it scales by them. */
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

/** A value that does not fit a column: what it reads, and what came. */
export function wrongValue(where: string, title: string, wanted: string, value: unknown): DataError {
  return new DataError(`${where}: ${title} reads ${wanted}, but got ${describe(value)}.`);
}

/** Whether a value is an array or a typed array. */
export function isListOfValues(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
