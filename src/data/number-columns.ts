import { DataError, OptionError } from '../core/errors.js';
import { onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import type { Fields } from '../train/batch.js';
import { isListOfValues, wrongValue, type Column } from './column.js';
import { checkNormalize, standardized, statsOf, type Normalize, type Stats } from './stats.js';
import { ROW_FIELD, type RowField } from './token-columns.js';

/** f32 of C features for each step L of N rows. */
export interface StepsField<L extends string> {
  readonly dtype: 'f32';
  readonly shape: readonly [L, 'N', number];
}
/** f32 of C features for each row. */
export interface VectorField {
  readonly dtype: 'f32';
  readonly shape: readonly ['N', number];
}
/** f32 of F features for each of P places of a row. */
export interface GridField {
  readonly dtype: 'f32';
  readonly shape: readonly [number, 'N', number];
}
/** f32 of an image for each step L of N rows: rows, columns, channels. */
export interface ImageStepsField<L extends string> {
  readonly dtype: 'f32';
  readonly shape: readonly [L, 'N', number, number, number];
}
/** f32 of an image for each row: rows, columns, channels. */
export interface ImageField {
  readonly dtype: 'f32';
  readonly shape: readonly ['N', number, number, number];
}

interface NumberColumn<F extends Fields> extends Pick<Column<F>, 'name' | 'title' | 'role' | 'fields'> {
  /** C: features of the last axis, which are scaled each by its own statistics. */
  readonly size: number;
  readonly normalize: Normalize | undefined;
  /** Elements of one record; undefined for any number of whole steps. */
  readonly elements?: number;
  /** Elements of a step. Default: C. */
  readonly step?: number;
  /** Lengths that the innermost of nested lists may have. Default: C. */
  readonly inner?: readonly number[];
  /** How messages name what is read: `numbers [T,3]`. */
  readonly wanted: string;
  readonly arrays: (values: Float32Array) => Readonly<Record<string, ArrayLike<number>>>;
  /** What the column was made from, without `normalize`. */
  readonly json: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly pads: Column<F>['pads'];
}

/** A column of numbers, which may be nested lists or one flat array. */
function numberColumn<F extends Fields>(given: NumberColumn<F>): Column<F> {
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

/** Finite numbers in one array; the innermost of nested lists must have one of the lengths `inner`. */
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
        `${where}: ${title} reads ${wanted}, but a list inside has ${list.length} numbers in place of ${inner.join(' or ')}.`,
      );
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (isListOfValues(item)) visit(item);
      else if (typeof item === 'number' && Number.isFinite(item)) found.push(item);
      else throw wrongValue(where, title, `${wanted}, finite ones`, item);
    }
  };
  if (flat instanceof Float32Array && flat.every(Number.isFinite)) return flat;
  visit(flat);
  return Float32Array.from(found);
}

/** What columns of numbers take. */
export interface FeaturesOptions {
  /** C: features of a step. */
  readonly size: number;
  /**
   * `standard`: each feature minus its mean and divided by its deviation over the training records;
   * or given statistics. Default: as they are.
   */
  readonly normalize?: Normalize;
}

/** What columns of steps take. */
export interface StepsOptions extends FeaturesOptions {
  /** Whether the steps are those of an encoder–decoder's source. Default false. */
  readonly source?: boolean;
}

/** The names of steps and lengths, and the letter of the steps. */
function namesOfSteps(name: string, source: boolean | undefined) {
  if (source !== undefined) trueOrFalse('source', source);
  return source === true
    ? ({ main: 'source', lengths: 'sourceLengths', letter: 'S' } as const)
    : ({ main: name, lengths: 'lengths', letter: 'T' } as const);
}

/**
 * Steps of C features that are read: `x` [T,N,C] and `lengths` [N], or with `source` those of an
 * encoder, `source` [S,N,C] and `sourceLengths` [N]. The record's entry is a list of steps of C numbers,
 * or one flat array [T·C].
 */
export function features(
  name: string,
  options: StepsOptions & { readonly source: true },
): Column<{ source: StepsField<'S'>; sourceLengths: RowField }>;
export function features(
  name: string,
  options: StepsOptions & { readonly source?: false },
): Column<{ x: StepsField<'T'>; lengths: RowField }>;
export function features(name: string, options: StepsOptions): Column {
  onlyKnown('features', options, ['size', 'normalize', 'source']);
  const size = wholeNumber('size', options.size);
  const { main, lengths, letter } = namesOfSteps('x', options.source);
  return numberColumn<Fields>({
    ...{ name, size, title: `features("${name}")`, role: 'input', wanted: `numbers [${letter},${size}]` },
    json: { kind: 'features', size, ...(options.source === true ? { source: true } : {}) },
    normalize: options.normalize,
    fields: { [main]: { dtype: 'f32', shape: [letter, 'N', size] }, [lengths]: ROW_FIELD },
    pads: { [main]: 0, [lengths]: 1 },
    arrays: (x) => ({ [main]: x, [lengths]: [x.length / size] }),
  });
}

/** F numbers of each record that are read, such as features of an image: `features` [N,F]. */
export function vector(name: string, options: FeaturesOptions): Column<{ features: VectorField }> {
  onlyKnown('vector', options, ['size', 'normalize']);
  const size = wholeNumber('size', options.size);
  return numberColumn({
    ...{ name, size, title: `vector("${name}")`, role: 'input', wanted: `${size} numbers`, elements: size },
    json: { kind: 'vector', size },
    normalize: options.normalize,
    fields: { features: { dtype: 'f32', shape: ['N', size] } },
    pads: { features: 0 },
    arrays: (values) => ({ features: values }),
  });
}

/** What `numbers` takes. */
export interface NumbersOptions {
  /** O: numbers to predict. Default 1. */
  readonly size?: number;
  /** Whether there are numbers for every step, not for the record as a whole. Default false. */
  readonly every?: boolean;
  /** See `FeaturesOptions`. Predictions are put back into their own units by `restored`. */
  readonly normalize?: Normalize;
}

/**
 * Numbers to predict: `y` [N,O], or [T,N,O] with `every`. Every number counts as a target.
 */
export function numbers(
  name: string,
  options: NumbersOptions & { readonly every: true },
): Column<{ y: StepsField<'T'> }>;
export function numbers(
  name: string,
  options?: NumbersOptions & { readonly every?: false },
): Column<{ y: VectorField }>;
export function numbers(
  name: string,
  options: NumbersOptions = {},
): Column<{ y: StepsField<'T'> }> | Column<{ y: VectorField }> {
  onlyKnown('numbers', options, ['size', 'every', 'normalize']);
  const size = wholeNumber('size', options.size ?? 1);
  const common = {
    ...{ name, size, title: `numbers("${name}")`, role: 'target' as const },
    json: { kind: 'numbers', size, every: options.every === true },
    normalize: options.normalize,
    pads: { y: 0 },
    arrays: (y: Float32Array) => ({ y }),
  };
  if (options.every === true)
    return numberColumn<{ y: StepsField<'T'> }>({
      ...common,
      wanted: `numbers [T,${size}]`,
      fields: { y: { dtype: 'f32', shape: ['T', 'N', size] } },
    });
  return numberColumn<{ y: VectorField }>({
    ...common,
    wanted: size === 1 ? 'a number' : `${size} numbers`,
    elements: size,
    fields: { y: { dtype: 'f32', shape: ['N', size] } },
  });
}

/** What `grid` takes. */
export interface GridOptions extends FeaturesOptions {
  /** P: places, row by row. */
  readonly cells: number;
}

/**
 * Features of the places of an image, to which a decoder attends: `grid` [P,N,F]. The record's
 * entry is a list of P places of F numbers, or one flat array [P·F].
 */
export function grid(name: string, options: GridOptions): Column<{ grid: GridField }> {
  onlyKnown('grid', options, ['cells', 'size', 'normalize']);
  const [P, F] = [wholeNumber('cells', options.cells), wholeNumber('size', options.size)];
  return numberColumn({
    ...{ name, size: F, title: `grid("${name}")`, role: 'input', wanted: `numbers [${P},${F}]` },
    json: { kind: 'grid', cells: P, size: F },
    normalize: options.normalize,
    elements: P * F,
    fields: { grid: { dtype: 'f32', shape: [P, 'N', F] } },
    pads: { grid: 0 },
    arrays: (values) => ({ grid: values }),
  });
}

/** What `image` takes. */
export interface ImageOptions {
  readonly rows: number;
  readonly columns: number;
  /** Default 1. */
  readonly channels?: number;
  /** By channel; see `FeaturesOptions`. */
  readonly normalize?: Normalize;
  /** Whether there is an image of every step, not one of the record as a whole. Default false. */
  readonly every?: boolean;
  /** With `every`: whether the steps are those of an encoder–decoder's source. Default false. */
  readonly source?: boolean;
}

/**
 * An image, as the op `convolution` reads it: `image` [N,rows,columns,channels]. The record's entry
 * is a list of rows of pixels, or one flat array with the channels of a pixel side by side. With
 * `every`, a list of such images or one flat array: `image` [T,N,rows,columns,channels] and `lengths`
 * [N], or as a source `source` [S,N,…] and `sourceLengths` [N].
 */
export function image(
  name: string,
  options: ImageOptions & { readonly every: true; readonly source: true },
): Column<{ source: ImageStepsField<'S'>; sourceLengths: RowField }>;
export function image(
  name: string,
  options: ImageOptions & { readonly every: true; readonly source?: false },
): Column<{ image: ImageStepsField<'T'>; lengths: RowField }>;
export function image(
  name: string,
  options: ImageOptions & { readonly every?: false; readonly source?: false },
): Column<{ image: ImageField }>;
export function image(name: string, options: ImageOptions): Column {
  onlyKnown('image', options, ['rows', 'columns', 'channels', 'normalize', 'every', 'source']);
  const [rows, columns] = [wholeNumber('rows', options.rows), wholeNumber('columns', options.columns)];
  const channels = wholeNumber('channels', options.channels ?? 1);
  const every = options.every ?? false;
  trueOrFalse('every', every);
  if (options.source === true && !every)
    throw new OptionError('source', true, 'false for one image of a record, which is no step of a source');
  const { main, lengths, letter } = namesOfSteps('image', options.source);
  const step = rows * columns * channels;
  const shape = `${rows},${columns},${channels}`;
  const common = {
    ...{ name, size: channels, step, title: `image("${name}")`, role: 'input' as const },
    // Rows of pixels, pixels, or with `every` images side by side.
    inner: [...(channels === 1 ? [1, columns] : [channels]), ...(every ? [step] : [])],
    normalize: options.normalize,
    json: {
      ...{ kind: 'image', rows, columns, channels },
      ...(every ? { every } : {}),
      ...(options.source === true ? { source: true } : {}),
    },
  };
  if (!every)
    return numberColumn<Fields>({
      ...common,
      wanted: `numbers [${shape}]`,
      elements: step,
      fields: { image: { dtype: 'f32', shape: ['N', rows, columns, channels] } },
      pads: { image: 0 },
      arrays: (values) => ({ image: values }),
    });
  return numberColumn<Fields>({
    ...common,
    wanted: `numbers [${letter},${shape}]`,
    fields: {
      [main]: { dtype: 'f32', shape: [letter, 'N', rows, columns, channels] },
      [lengths]: ROW_FIELD,
    },
    pads: { [main]: 0, [lengths]: 1 },
    arrays: (values) => ({ [main]: values, [lengths]: [values.length / step] }),
  });
}
