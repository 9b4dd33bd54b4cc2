/**
 * Read this file first. `records.ts` reads records from files. A data set turns records into
 * batches in three steps:
 * 1. `encode-records.ts` turns records into numbers by their columns (`column.ts`).
 * 2. `buckets.ts` chooses the sizes that batches are padded to.
 * 3. `epochs.ts` decides which rows each batch of an epoch has, and pads them.
 *
 * `files/` has the readers of file formats, `toys/` made-up data, `metrics/` measures of
 * predictions, `node/` well-known data sets to download.
 */
import { OptionError } from '../core/errors.js';
import { onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { Batch, Fields, Sizes } from '../train/batch.js';
import type {
  EvaluateOptions,
  Examination,
  Loader,
  LoaderOptions,
  PredictionSource,
  Source,
} from '../train/source.js';
import { bucketOfRows, bucketSizes, type Buckets } from './buckets.js';
import type { Column } from './column.js';
import { checkColumns, checksumOf, encodeRecords, type EncodedRows } from './encode-records.js';
import { assemble, planEpoch } from './epochs.js';
import { RowLoader, type RowLoaderOptions } from './row-loader.js';
import { records as makeRecords, Records } from './records.js';
import type { Stats } from './stats.js';

/** The intersection of the types in a union: all fields of several columns. */
export type Joined<U> = (U extends unknown ? (fields: U) => void : never) extends (fields: infer I) => void
  ? I
  : never;

/** The fields that a list of columns writes. */
export type ColumnFields<C extends readonly Column[]> =
  Joined<C[number]['fields']> extends infer I extends Fields ? { readonly [K in keyof I]: I[K] } : never;

/** How records become batches. */
export interface DatasetOptions {
  /** N: rows of a batch. If there are fewer records, N is their number. */
  readonly batch: number;
  /**
   * Sizes that batches are padded to. Default `auto`: at most four sizes, chosen from the lengths
   * of the records for little padding.
   */
  readonly buckets?: Buckets;
  /** Decides the order of the records. Default: the trainer's seed. */
  readonly seed?: number;
  /** Whether an epoch leaves out the last records that do not fill a batch. Default false. */
  readonly dropLast?: boolean;
}

/** Rows in memory as a source. Make one with `dataset` or `slidingWindows`. */
export class RowSource<F extends Fields> implements Source<F> {
  readonly fields: F;
  readonly fingerprint: string;
  /** Sizes of the buckets by letter, without N. Each is at least as large as the one before. */
  readonly sizes: readonly Sizes[];
  readonly #data: EncodedRows;
  readonly #options: DatasetOptions;
  readonly #buckets: Uint32Array;

  /** @throws DataError or OptionError, see `dataset` */
  constructor(data: EncodedRows, options: DatasetOptions) {
    const { buckets = 'auto', dropLast } = options;
    const batch = wholeNumber('batch', options.batch);
    if (options.seed !== undefined) seedNumber(options.seed);
    if (dropLast !== undefined && typeof dropLast !== 'boolean')
      throw new OptionError('dropLast', dropLast, 'true or false');
    this.#data = data;
    this.#options = options;
    this.fields = data.fields as F;
    this.sizes = bucketSizes(data, buckets, batch);
    this.#buckets = bucketOfRows(data, this.sizes);
    this.fingerprint = `${data.rows.length} records with ${Object.keys(data.fields).join(', ')}, data ${checksumOf(data)}`;
  }

  /** Number of rows. */
  get length(): number {
    return this.#data.rows.length;
  }

  /**
   * Batches without end. Each epoch has every row once, in a new order. The rows of a batch have
   * similar lengths; batches of all lengths are mixed. Rows of padding, which have no loss, fill up
   * the last batch. If the targets are numbers, no padding can mean "no target", so the last batch
   * has fewer rows.
   */
  loader({ batch, seed }: LoaderOptions = {}): Loader<F> {
    const { dropLast = false } = this.#options;
    return this.#loader(batch, { seed: this.#options.seed ?? seedNumber(seed), dropLast });
  }

  /** Every row once, in the same order every time. */
  examination({ batch, batches }: EvaluateOptions): Examination<F> {
    const loader = this.#loader(batch, { batches, dropLast: false });
    return { loader, measures: true, nothing: 'None of the records has a target that counts.' };
  }

  #loader(
    batch: number | undefined,
    order: Pick<RowLoaderOptions, 'seed' | 'batches' | 'dropLast'>,
  ): Loader<F> {
    const N = Math.min(wholeNumber('batch', batch ?? this.#options.batch), this.length);
    const { fingerprint, sizes } = this;
    const buckets = this.#buckets;
    const data = this.#data;
    return new RowLoader<F>({ data, fingerprint, buckets, sizes, batch: N, ...order });
  }
}

/** Records as a source of batches. Make one with `dataset`. */
export class Dataset<F extends Fields> extends RowSource<F> {
  /**
   * The columns with the statistics of the training records. Use them for other records and for
   * predictions.
   */
  readonly columns: readonly Column[];
  /** By name of a record's entry: the statistics that its numbers are scaled by. */
  readonly stats: Readonly<Record<string, Stats>>;

  constructor(records: Records<object>, columns: readonly Column[], options: DatasetOptions) {
    const data = encodeRecords(records, columns);
    super(data, options);
    this.columns = data.columns;
    this.stats = Object.fromEntries(
      data.columns.flatMap(({ name, stats }) => (stats ? [[name, stats] as const] : [])),
    );
  }

  /** Means and deviations by field. Only columns that scale have them. */
  get scales(): Readonly<Record<string, Stats>> {
    return predictionSource(this.columns).scales ?? {};
  }

  /** See `predictionBatches`. */
  predictionBatches(rows: Iterable<object>, options: { readonly batch: number }): PredictionBatch[] {
    return predictionBatches(rows, this.columns, options);
  }
}

/**
 * Makes batches of records. It encodes all records at once, so it reports every error in them.
 *
 * `normalize: 'standard'` scales by the means and deviations of these records. For the validation
 * part of a split it uses those of the training part. `Batch.count` is the number of targets of the
 * first target column.
 * @throws DataError or ShapeError naming the record, the column and what it reads; OptionError for
 *   a wrong option
 */
export function dataset<R extends object, const C extends readonly Column[]>(
  records: Records<R>,
  columns: C,
  options: DatasetOptions,
): Dataset<ColumnFields<C>> {
  onlyKnown('dataset', options, ['batch', 'buckets', 'seed', 'dropLast']);
  if (!(records instanceof Records))
    throw new OptionError('records', records, 'records, such as records.of(rows)');
  return new Dataset<ColumnFields<C>>(records, columns, options);
}

/**
 * A source of predictions for `Trainer.predict`, made from columns alone, without training records.
 * @param columns with all statistics, such as `Dataset.columns`
 */
export function predictionSource(columns: readonly Column[]): PredictionSource {
  checkColumns(columns);
  const scaled = columns.flatMap(({ fields, stats }) =>
    stats
      ? Object.entries(fields)
          .filter(([, { dtype }]) => dtype === 'f32')
          .map(([name]) => [name, stats] as const)
      : [],
  );
  return {
    scales: Object.fromEntries(scaled),
    predictionBatches: (rows, options) => predictionBatches(rows, columns, options),
  };
}

/** A batch of records without targets. */
export interface PredictionBatch {
  /** All fields of the columns. Fields of targets hold padding, so no target counts. */
  readonly batch: Batch;
  /** Row n of the batch is record `records[n]`. */
  readonly records: readonly number[];
}

/**
 * Batches of records without targets. Each record is in one batch, together with records of similar
 * length. A batch has at most `batch` rows (default 32).
 * @param columns with all statistics, such as `Dataset.columns`
 * @throws DataError or ShapeError naming the record, the column and what it reads
 */
export function predictionBatches(
  rows: Iterable<object>,
  columns: readonly Column[],
  { batch = 32 }: { readonly batch?: number } = {},
): PredictionBatch[] {
  checkColumns(columns);
  const unfitted = columns.find((column) => column.role === 'input' && typeof column.fit === 'function');
  if (unfitted)
    throw new OptionError(
      'columns',
      unfitted.title,
      'columns with the statistics of the training records, such as the columns of a data set',
    );
  const data = encodeRecords(makeRecords.of(rows), columns, ['input']);
  const N = Math.min(wholeNumber('batch', batch), data.rows.length);
  const sizes = bucketSizes(data, 'auto', N);
  const buckets = bucketOfRows(data, sizes);
  const plan = planEpoch({ buckets, sizes: sizes.length, batch: N, dropLast: false, order: undefined });
  return plan.map(({ bucket, rows: numbers }, index) => ({
    batch: { ...assemble(data, numbers, { ...sizes[bucket], N }), count: 0, epoch: 0, index },
    records: numbers,
  }));
}
