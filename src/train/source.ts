import { DataError, describe, FileFormatError, OptionError, ShapeError } from '../core/errors.js';
import { describeField, type Batch, type Fields } from './batch.js';

/** Options of `Source.loader`. A source ignores options that do not apply to it. */
export interface LoaderOptions {
  /** N: rows of a batch. */
  readonly batch?: number;
  /** T: time steps of a window, for sources that are cut into windows. */
  readonly time?: number;
  /** How windows are taken from a sequence; see `Sampling`. Default `consecutive`. */
  readonly sampling?: 'consecutive' | 'random' | 'pointer';
  /**
   * Whether states are carried from one window to the next. Default: unless sampling is `random`.
   */
  readonly carry?: boolean;
  /** Seed of the order of batches. Default 0. */
  readonly seed?: number;
}

/** Options of an evaluation. */
export interface EvaluateOptions {
  /** N: rows of a batch. Default: the source chooses. */
  readonly batch?: number;
  /** Number of batches. Default: the source chooses. A text is always evaluated completely. */
  readonly batches?: number;
}

/** The position of a loader in its source, as plain data. */
export interface LoaderState {
  /**
   * Fingerprint of the source, so that the position is not used in other data. Absent in
   * checkpoints of format 1.
   */
  readonly source?: string;
  /** The order of batches, such as `consecutive`. */
  readonly order: string;
  readonly seed: number;
  /** Number of the next batch's epoch, from 0. */
  readonly epoch: number;
  /** Number of the next batch within the epoch, from 0. */
  readonly index: number;
  readonly batchesPerEpoch: number;
}

/** Returns the batches of a source, epoch after epoch, without end. */
export interface Loader<F extends Fields = Fields> {
  readonly batchesPerEpoch: number;
  /** The next batch, or a promise of it where the data must be loaded. */
  next(): Batch<F> | Promise<Batch<F>>;
  /** The position of the next batch. */
  state(): LoaderState;
  /**
   * Moves to the position of another loader of the same source and options.
   * @throws FileFormatError where source or options differ
   */
  restore(state: LoaderState): void;
}

/** The batches of an evaluation. */
export interface Examination<F extends Fields = Fields> {
  /** One epoch of this loader is evaluated. */
  readonly loader: Loader<F>;
  /** Whether the model's measures, such as accuracy, are computed besides the loss. */
  readonly measures: boolean;
  /** Message of the error if no target has a loss. Default: a general one. */
  readonly nothing?: string;
}

/**
 * Mean and deviation of each feature of a field; `value·deviation + mean` has the original units.
 */
export interface Scale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Turns records into batches without targets. */
export interface PredictionSource {
  /** Makes batches. Each record is in one of them: row n of `batch` is record `records[n]`. */
  predictionBatches(
    rows: Iterable<object>,
    options: { readonly batch: number },
  ): readonly { readonly batch: Batch; readonly records: readonly number[] }[];
  /** Scales by field. Default: no field is scaled. */
  readonly scales?: Readonly<Record<string, Scale>>;
}

/** Data to train on: a text, a synthetic task, a data set, or an object of your own. */
export interface Source<F extends Fields = Fields> {
  /** The arrays that its batches have. */
  readonly fields: F;
  /**
   * A text that is equal for equal data. A run can be resumed only on a source with an equal one.
   */
  readonly fingerprint: string;
  /** Mean loss of guessing without a model, in nats. Default: the model's `baseline`. */
  readonly baseline?: number;
  /** Makes a loader at the first batch. */
  loader(options?: LoaderOptions): Loader<F>;
  /** For data sets of records: the columns, which checkpoints keep; see `Reading`. */
  readonly columns?: readonly { readonly toJSON?: (() => object) | undefined }[];
  /** For data sets of records: see `PredictionSource`. */
  readonly predictionBatches?: PredictionSource['predictionBatches'];
  /** For data sets of records: scales by field. */
  readonly scales?: Readonly<Record<string, Scale>>;
  /** The batches of an evaluation. Default: one epoch of `loader(options)`, with all measures. */
  examination?(options: EvaluateOptions): Examination<F>;
}

/**
 * Checks that a source has the fields that a model reads, with the same types and shapes.
 * @throws DataError or ShapeError that names the field and both types and shapes
 */
export function checkFields(wanted: Fields, source: Source): void {
  const { fields, loader } = (typeof source === 'object' && source !== null ? source : {}) as Partial<Source>;
  if (typeof fields !== 'object' || fields === null || typeof loader !== 'function')
    throw new OptionError(
      'source',
      source,
      'a corpus, such as Corpus.fromText(text), a data set, such as dataset(records, columns, { batch }), ' +
        'a task, such as copyMemory(), or an object with fields and loader()',
    );
  for (const [name, field] of Object.entries(wanted)) {
    const given = Object.hasOwn(source.fields, name) ? source.fields[name] : undefined;
    if (!given)
      throw new DataError(
        `The model reads "${name}" as ${describeField(field)}, but the source has ` +
          `${Object.keys(source.fields).join(', ') || 'no fields'}.`,
      );
    if (given.dtype !== field.dtype || given.shape.join() !== field.shape.join())
      throw new ShapeError(
        `The model reads "${name}" as ${describeField(field)}, but the source has it as ` +
          `${describeField(given)}.`,
      );
  }
}

/** The loader of a source. @throws DataError where `loader` returns something else */
export function loaderOf<F extends Fields>(source: Source<F>, options: LoaderOptions): Loader<F> {
  const loader: Partial<Loader<F>> | undefined = source.loader(options);
  const isNumber = typeof loader?.batchesPerEpoch === 'number';
  const methods = [loader?.next, loader?.state, loader?.restore];
  if (!loader || !isNumber || methods.some((method) => typeof method !== 'function'))
    throw new DataError(
      "A source's loader() must return { batchesPerEpoch, next(), state(), restore(state) }, but " +
        `${describe(loader)} came.`,
    );
  return loader as Loader<F>;
}

/**
 * Checks that a saved position belongs to the data and options of a loader.
 * @param own a state of that loader
 * @throws FileFormatError
 */
export function checkPosition(saved: LoaderState, own: LoaderState): void {
  const { order, seed, batchesPerEpoch } = own;
  if (saved.order !== order || saved.seed !== seed || saved.batchesPerEpoch !== batchesPerEpoch)
    throw new FileFormatError(
      `The saved position is in ${saved.batchesPerEpoch} windows per epoch (sampling ${saved.order}, ` +
        `seed ${saved.seed}), but this run has ${batchesPerEpoch} (sampling ${order}, seed ${seed}): ` +
        'continue with the same text, batch, time, sampling and seed.',
    );
  if (saved.source !== undefined && saved.source !== own.source)
    throw new FileFormatError(
      `The saved position belongs to other data (${saved.source}) than these (${own.source}): continue with ` +
        'the data that the run was trained on.',
    );
  const { epoch, index } = saved;
  if (!(
    Number.isInteger(epoch) &&
    epoch >= 0 &&
    Number.isInteger(index) &&
    index >= 0 &&
    index < batchesPerEpoch
  ))
    throw new FileFormatError(
      `The saved position is damaged: epoch ${epoch}, window ${index} of ${batchesPerEpoch}.`,
    );
}
