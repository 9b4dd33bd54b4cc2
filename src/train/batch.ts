import { DataError, describe, ShapeError } from '../core/errors.js';
import { elementCount, evaluateShape, type Dims } from '../core/notation.js';

/** Type and shape of one array of a batch. */
export interface Field {
  readonly dtype: 'f32' | 'u32';
  /**
   * Letters and numbers: `['T', 'N']`, `['T', 'N', 3]`. `Batch.sizes` has the value of each letter;
   * LEGEND has the meaning of the letters.
   */
  readonly shape: readonly (string | number)[];
}

/** The fields of a batch by name. */
export type Fields = Readonly<Record<string, Field>>;

/** The sizes of a batch by letter, such as `{ T: 25, N: 32 }`. */
export type Sizes = Dims;

/** The array of a field: `Uint32Array` for ids, lengths and labels, `Float32Array` for numbers. */
export type FieldArray<F extends Field> = F['dtype'] extends 'u32'
  ? Uint32Array<ArrayBuffer>
  : F['dtype'] extends 'f32'
    ? Float32Array<ArrayBuffer>
    : Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** The arrays that one training step, or one step of an evaluation, reads. */
export interface Batch<F extends Fields = Fields> {
  /** The arrays by field, row-major. */
  readonly arrays: { readonly [K in keyof F]: FieldArray<F[K]> };
  /** A value for every letter of the fields. Each set of sizes has a program of its own. */
  readonly sizes: Sizes;
  /** Number of targets that have a loss. A mean loss is the sum of losses divided by it. */
  readonly count: number;
  /**
   * Number of rows with data. Later rows are padding, and their targets have no loss. Default: N.
   */
  readonly rows?: number;
  /** Number of the epoch, from 0: passes over the data that ended before this batch. */
  readonly epoch: number;
  /** Number of the batch within its epoch, from 0. */
  readonly index: number;
}

/** The shape in numbers: `[T,N]` with `{ T: 25, N: 32 }` is `[25, 32]`. @throws ShapeError */
export function fieldShape({ shape }: Field, sizes: Sizes): number[] {
  return evaluateShape(shape.map(String), sizes);
}

/**
 * Checks the arrays and the count of a batch against the fields of a model. Further arrays are
 * allowed.
 * @throws ShapeError or DataError that names the field, its type and shape, and what came
 */
export function checkBatch(fields: Fields, batch: Batch): void {
  const { arrays, sizes, count } = isObject(batch) ? batch : ({} as Partial<Batch>);
  if (!isObject(arrays) || !isObject(sizes) || count === undefined)
    throw new DataError(
      `A loader's next() must return a batch, { arrays, sizes, count }, but ${describe(batch)} came.`,
    );
  for (const [letter, size] of Object.entries(sizes))
    if (!Number.isInteger(size) || size < 1)
      throw new DataError(
        `The size ${letter} of a batch must be a whole number of at least 1, but it is ${describe(size)}.`,
      );
  for (const [name, field] of Object.entries(fields)) {
    const array = arrays[name] as unknown;
    const wanted = `"${name}" as ${describeField(field)}`;
    if (array === undefined)
      throw new DataError(`The batch has no array ${wanted}; it has ${listOf(Object.keys(arrays))}.`);
    const fits = field.dtype === 'u32' ? array instanceof Uint32Array : array instanceof Float32Array;
    if (!fits) throw new DataError(`The model reads ${wanted}, but the batch has ${typeName(array)}.`);
    const shape = fieldShape(field, sizes);
    const { length } = array as ArrayLike<number>;
    if (length !== elementCount(shape))
      throw new ShapeError(
        `The model reads ${wanted} = [${shape.join(',')}], which is ${elementCount(shape)} elements, ` +
          `but the batch has ${length}.`,
      );
  }
  if (!Number.isFinite(count) || count < 0)
    throw new DataError(`The count of a batch's targets must be a number from 0, but it is ${count}.`);
}

function isObject<T>(value: T | null | undefined): value is T {
  return typeof value === 'object' && value !== null;
}

/** `Uint32Array [T,N]`. */
export function describeField({ dtype, shape }: Field): string {
  return `${dtype === 'u32' ? 'Uint32Array' : 'Float32Array'} [${shape.join(',')}]`;
}

function typeName(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value);
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
