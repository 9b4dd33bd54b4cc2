import { DataError, describe, FileFormatError, OptionError, ShapeError } from '../core/errors.js';
import { describeField, type Batch, type Fields } from './batch.js';

/** How batches are taken from a source. A source reads the options that it knows. */
export interface LoaderOptions {
  /** N: rows of a batch. */
  readonly batch?: number;
  /** T: time steps of a batch, where the source is cut into windows. */
  readonly time?: number;
  /** How windows are cut from a sequence; see `Sampling`. Default `consecutive`. */
  readonly sampling?: 'consecutive' | 'random' | 'pointer';
  /** Whether states are carried from one window to the next. Default: as the sampling allows. */
  readonly carry?: boolean;
  /** Decides the order of batches. Default 0. */
  readonly seed?: number;
}

/** How much is evaluated at once. */
export interface EvaluateOptions {
  /** N: rows of a batch. Default: as the source has it. */
  readonly batch?: number;
  /** Batches to evaluate. Default: as the source has it; of a text, always all of it. */
  readonly batches?: number;
}

/** Where a loader stands: plain data for a checkpoint. */
export interface LoaderState {
  /**
   * Fingerprint of the source, so that a position is not used in other data. Missing in
   * checkpoints of format 1.
   */
  readonly source?: string;
  /** How batches are ordered, such as `consecutive`. */
  readonly order: string;
  readonly seed: number;
  /** Of the next batch. */
  readonly epoch: number;
  readonly index: number;
  readonly batchesPerEpoch: number;
}

/** Hands out batches without end, epoch after epoch. */
export interface Loader<F extends Fields = Fields> {
  readonly batchesPerEpoch: number;
  /** The next batch: at once where the data are at hand, else a promise. */
  next(): Batch<F> | Promise<Batch<F>>;
  state(): LoaderState;
  /**
   * Goes to where another loader of the same source and options stood.
   * @throws FileFormatError where it cannot be the same
   */
  restore(state: LoaderState): void;
}

/** Batches for an evaluation: one epoch of `loader` is evaluated. */
export interface Examination<F extends Fields = Fields> {
  readonly loader: Loader<F>;
  /** Whether the model's own measures, such as accuracy, are taken besides the loss. */
  readonly measures: boolean;
  /** What the error says where no target counts, in a sentence. */
  readonly nothing?: string;
}

/** Means and deviations of the features of a field: `value·deviation + mean` has its own units. */
export interface Scale {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Turns records into batches without targets. */
export interface PredictionSource {
  /** Each record is in one batch: row n of `batch` is record `records[n]`. */
  predictionBatches(
    rows: Iterable<object>,
    options: { readonly batch: number },
  ): readonly { readonly batch: Batch; readonly records: readonly number[] }[];
  /** By field, where its numbers are scaled. Default: none is. */
  readonly scales?: Readonly<Record<string, Scale>>;
}

/** What can be trained on: a text, a made-up task, a data set, or an object of the user's. */
export interface Source<F extends Fields = Fields> {
  readonly fields: F;
  /** Equal for equal data: a run is resumed only on a source with the fingerprint it had. */
  readonly fingerprint: string;
  /** Mean loss of guessing without a model, in nats. Default: as the model has it. */
  readonly baseline?: number;
  loader(options?: LoaderOptions): Loader<F>;
  /** What turned records into arrays, for checkpoints: see `Reading`. Of data sets of records. */
  readonly columns?: readonly { readonly toJSON?: (() => object) | undefined }[];
  /** See `PredictionSource`. Of data sets of records. */
  readonly predictionBatches?: PredictionSource['predictionBatches'];
  readonly scales?: Readonly<Record<string, Scale>>;
  /** Default: one epoch of `loader(options)`, with all measures. */
  examination?(options: EvaluateOptions): Examination<F>;
}

/**
 * Checks that a source has the fields that a model reads, of the same type and shape.
 * @throws DataError or ShapeError naming the field and both sides
 */
export function checkFields(wanted: Fields, source: Source): void {
  const { fields, loader } = (typeof source === 'object' && source !== null ? source : {}) as Partial<Source>;
  if (typeof fields !== 'object' || fields === null || typeof loader !== 'function')
    throw new OptionError(
      'source',
      source,
      'a corpus, such as Corpus.fromText(text), a data set, such as dataset(records, columns, { batch }), a ' +
        'task, such as copyMemory(), or an object with fields and loader()',
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

/** The loader of a source. @throws DataError for a source whose `loader` returns none */
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
 * @param own state of the loader that is to go there
 * @throws FileFormatError
 */
export function checkPosition(saved: LoaderState, own: LoaderState): void {
  const { order, seed, batchesPerEpoch } = own;
  if (saved.order !== order || saved.seed !== seed || saved.batchesPerEpoch !== batchesPerEpoch)
    throw new FileFormatError(
      `The saved position is in ${saved.batchesPerEpoch} windows per epoch (sampling ${saved.order}, ` +
        `seed ${saved.seed}), but this run has ${batchesPerEpoch} (sampling ${order}, seed ${seed}): ` +
        'go on with the same text, batch, time, sampling and seed.',
    );
  if (saved.source !== undefined && saved.source !== own.source)
    throw new FileFormatError(
      `The saved position is in other data (${saved.source}) than these (${own.source}): go on with ` +
        'the data that the run was learning.',
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
