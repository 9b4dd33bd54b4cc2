import { OptionError } from '../core/errors.js';
import { onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import type { Fields } from '../train/batch.js';
import type { Column } from './column.js';
import { numberColumn } from './number-column.js';
import type { Normalize } from './stats.js';
import { ROW_FIELD, type RowField } from './token-columns.js';

/** f32: C features for each of L steps of N rows. */
export interface StepsField<L extends string> {
  readonly dtype: 'f32';
  readonly shape: readonly [L, 'N', number];
}
/** f32: C features for each row. */
export interface VectorField {
  readonly dtype: 'f32';
  readonly shape: readonly ['N', number];
}
/** f32: F features for each of P places of a row. */
export interface GridField {
  readonly dtype: 'f32';
  readonly shape: readonly [number, 'N', number];
}
/** f32: an image (rows, columns, channels) for each of L steps of N rows. */
export interface ImageStepsField<L extends string> {
  readonly dtype: 'f32';
  readonly shape: readonly [L, 'N', number, number, number];
}
/** f32: an image (rows, columns, channels) for each row. */
export interface ImageField {
  readonly dtype: 'f32';
  readonly shape: readonly ['N', number, number, number];
}

/** Options of columns of numbers. */
export interface FeaturesOptions {
  /** C: features of a step. */
  readonly size: number;
  /**
   * `standard`: (value − mean) / deviation, with the statistics of the training records by feature;
   * or your own statistics. Default: the numbers are not scaled.
   */
  readonly normalize?: Normalize;
}

/** Options of `features`. */
export interface StepsOptions extends FeaturesOptions {
  /** Whether the steps are the source of an encoder–decoder. Default false. */
  readonly source?: boolean;
}

/** Names of the fields of steps and lengths, and the letter of the steps. */
function namesOfSteps(name: string, source: boolean | undefined) {
  if (source !== undefined) trueOrFalse('source', source);
  return source === true
    ? ({ main: 'source', lengths: 'sourceLengths', letter: 'S' } as const)
    : ({ main: name, lengths: 'lengths', letter: 'T' } as const);
}

/**
 * Input steps of C features: `x` [T,N,C] and `lengths` [N], or with the option `source` the fields
 * `source` [S,N,C] and `sourceLengths` [N] of an encoder. The entry of the record is a list of
 * steps with C numbers each, or one flat array [T·C].
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

/** F input numbers of each record, such as features of an image: `features` [N,F]. */
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

/** Options of `numbers`. */
export interface NumbersOptions {
  /** O: numbers to predict. Default 1. */
  readonly size?: number;
  /** Whether every step has numbers, instead of the record as a whole. Default false. */
  readonly every?: boolean;
  /** See `FeaturesOptions`. `restored` returns predictions to their own units. */
  readonly normalize?: Normalize;
}

/** Numbers to predict: `y` [N,O], or [T,N,O] with `every`. Every number counts as a target. */
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

/** Options of `grid`. */
export interface GridOptions extends FeaturesOptions {
  /** P: number of places, row by row. */
  readonly cells: number;
}

/**
 * Features of the places of an image, to which a decoder attends: `grid` [P,N,F]. The entry of the
 * record is a list of P places with F numbers each, or one flat array [P·F].
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

/** Options of `image`. */
export interface ImageOptions {
  readonly rows: number;
  readonly columns: number;
  /** Default 1. */
  readonly channels?: number;
  /** By channel; see `FeaturesOptions`. */
  readonly normalize?: Normalize;
  /** Whether every step has an image, instead of the record as a whole. Default false. */
  readonly every?: boolean;
  /** With `every`: whether the steps are the source of an encoder–decoder. Default false. */
  readonly source?: boolean;
}

/**
 * An image for the op `convolution`: `image` [N,rows,columns,channels]. The entry of the record is
 * a list of rows of pixels, or one flat array with the channels of a pixel side by side.
 *
 * With `every` the entry is a list of such images, or one flat array. The fields are `image`
 * [T,N,rows,columns,channels] and `lengths` [N], or with `source` the fields `source`
 * [S,N,rows,columns,channels] and `sourceLengths` [N].
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
    throw new OptionError('source', true, 'false unless every step has an image (every: true)');
  const { main, lengths, letter } = namesOfSteps('image', options.source);
  const step = rows * columns * channels;
  const shape = `${rows},${columns},${channels}`;
  const common = {
    ...{ name, size: channels, step, title: `image("${name}")`, role: 'input' as const },
    // The innermost lists are rows of pixels, pixels, or with `every` whole images.
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
