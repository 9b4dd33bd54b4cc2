import { DataError, OptionError, ShapeError } from '../core/errors.js';
import { IdChecksum } from '../text/ids.js';
import { describeField, type Field, type Fields, type Sizes } from '../train/batch.js';
import { entryOf, fitColumn, type Column } from './column.js';
import type { Records } from './records.js';

/** One row of a data set as numbers. */
export interface EncodedRow {
  /** By field; see `EncodedValue.arrays`. */
  readonly arrays: Readonly<Record<string, ArrayLike<number>>>;
  /** Lengths by letter, such as `{ T: 7 }`. */
  readonly sizes: Sizes;
  /** Number of targets that count in the loss. */
  readonly count: number;
}

/** All rows as numbers. */
export interface EncodedRows {
  readonly fields: Fields;
  /** By field: the value of padded places. */
  readonly pads: Readonly<Record<string, number>>;
  /** Whether a row of padding has no loss, so that such rows can fill up a batch. */
  readonly canFill: boolean;
  readonly rows: readonly EncodedRow[];
  /** Name of a row in messages. */
  readonly nameOf: (row: number) => string;
}

/** The axes of a field's array before and after the axis N. */
export interface FieldLayout {
  /** The axis before N: the letter of steps, or a number. 1 if N is the first axis. */
  readonly lead: string | number;
  /** Product of the axes after N. */
  readonly rest: number;
}

/** @throws OptionError unless N is the first or second axis and numbers follow it */
export function layoutOf(name: string, { shape }: Field): FieldLayout {
  const at = shape.indexOf('N');
  const behind = shape.slice(at + 1);
  if ((at !== 0 && at !== 1) || !behind.every((size) => typeof size === 'number'))
    throw new OptionError(
      `fields.${name}`,
      shape,
      "a shape with N first, or second after a letter or a number, and numbers behind, such as ['T','N',3]",
    );
  return { lead: at === 0 ? 1 : shape[0], rest: behind.reduce<number>((product, size) => product * size, 1) };
}

/** Columns with all statistics, and the fields that they write. */
interface ReadyColumns {
  readonly columns: readonly Column[];
  readonly fields: Fields;
  readonly pads: Readonly<Record<string, number>>;
  readonly layouts: Readonly<Record<string, FieldLayout>>;
}

/** @throws OptionError unless `columns` is a list of at least one column */
export function checkColumns(columns: unknown): asserts columns is readonly Column[] {
  const isColumn = (column: unknown): boolean =>
    typeof (column as Partial<Column> | undefined)?.encode === 'function';
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isColumn))
    throw new OptionError('columns', columns, "a list of columns, such as [tokens('text', tokenizer)]");
}

/** @throws OptionError if two columns write the same field */
function readyColumns(columns: readonly Column[]): ReadyColumns {
  const fields: Record<string, Field> = {};
  const pads: Record<string, number> = {};
  const writers = new Map<string, string>();
  for (const column of columns) {
    for (const [name, field] of Object.entries(column.fields)) {
      const other = writers.get(name);
      if (other !== undefined)
        throw new OptionError(
          'columns',
          name,
          `one column for each field, but ${other} and ${column.title} write it`,
        );
      writers.set(name, column.title);
      fields[name] = field;
      pads[name] = column.pads[name];
    }
  }
  const layouts = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, layoutOf(name, field)]),
  );
  return { columns, fields, pads, layouts };
}

/**
 * Turns records into numbers.
 * @param roles of the columns to read. Default: all. Fields of other columns stay padding
 * @throws DataError or ShapeError for a record that a column cannot read
 */
export function encodeRecords(
  records: Records<object>,
  given: readonly Column[],
  roles: readonly Column['role'][] = ['input', 'target'],
): EncodedRows & { readonly columns: readonly Column[] } {
  checkColumns(given);
  const isRead = ({ role }: Column): boolean => roles.includes(role);
  const { columns, fields, pads, layouts } = readyColumns(
    given.map((column) => (isRead(column) ? fitColumn(column, records) : column)),
  );
  const read = columns.filter(isRead);
  const targets = read.filter(({ role }) => role === 'target');
  const rows = Array.from({ length: records.length }, (_, place): EncodedRow => {
    const where = records.nameOf(place);
    const arrays: Record<string, ArrayLike<number>> = {};
    const sizes: Record<string, number> = {};
    const sources: Record<string, string> = {};
    let count: number | undefined;
    for (const column of read) {
      const encoded = column.encode(entryOf(records.at(place), column, where), where);
      if (column === targets[0]) count = encoded.count;
      for (const name of Object.keys(column.fields)) {
        const values = encoded.arrays[name];
        arrays[name] = values;
        const { lead, rest } = layouts[name];
        const steps = values.length / rest;
        if (typeof lead === 'number' ? steps !== lead : !Number.isInteger(steps))
          throw new ShapeError(
            `${where}: ${column.title} made ${values.length} elements of "${name}", which is ` +
              `${describeField(fields[name])}.`,
          );
        if (typeof lead === 'number') continue;
        if (sizes[lead] !== undefined && sizes[lead] !== steps)
          throw new DataError(
            `${where}: lengths do not fit: ${sources[lead]} has ${sizes[lead]} steps (${lead}), but ` +
              `${column.title} has ${steps}.`,
          );
        [sizes[lead], sources[lead]] = [steps, column.title];
      }
    }
    return { arrays, sizes, count: count ?? 1 };
  });
  const canFill = roles.includes('target')
    ? targets.length > 0 && targets.every(({ leavesPadsOut }) => leavesPadsOut)
    : true;
  return { columns, fields, pads, canFill, rows, nameOf: (row) => records.nameOf(row) };
}

/** A checksum in hexadecimal, equal for equal fields and rows. */
export function checksumOf({ fields, pads, rows }: Pick<EncodedRows, 'fields' | 'pads' | 'rows'>): string {
  const sum = new IdChecksum();
  const bits = new Float32Array(1);
  const word = new Uint32Array(bits.buffer);
  for (const name of Object.keys(fields).sort()) {
    sum.add([...name, ...describeField(fields[name])].map((symbol) => symbol.codePointAt(0) ?? 0));
    sum.add([pads[name]]);
    for (const { arrays } of rows) {
      const values = arrays[name];
      sum.add([values.length]);
      if (fields[name].dtype === 'u32') sum.add(values);
      else
        for (let i = 0; i < values.length; i++) {
          bits[0] = values[i];
          sum.add(word);
        }
    }
  }
  return sum.value.toString(16).padStart(8, '0');
}
