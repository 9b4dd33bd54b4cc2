/**
 * The file to read first. A data set is made in three steps, each with a file: `encode.ts` turns
 * records into numbers by their columns (`column.ts`), `buckets.ts` chooses the sizes of batches,
 * and `epochs.ts` decides which rows each batch of an epoch has and pads them.
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
import { checkColumns, checksumOf, encodeRecords, type EncodedRows } from './encode.js';
import { assemble, planEpoch } from './epochs.js';
import { RowLoader, type RowLoaderOptions } from './row-loader.js';
import { records as makeRecords, Records } from './records.js';
import type { Stats } from './stats.js';

/** All fields of several columns. */
type Joined<U> = (U extends unknown ? (fields: U) => void : never) extends (fields: infer I) => void
  ? I
  : never;

/** The fields that columns write. */
export type ColumnFields<C extends readonly Column[]> =
  Joined<C[number]['fields']> extends infer I extends Fields ? { readonly [K in keyof I]: I[K] } : never;

/** How records become batches. */
export interface DatasetOptions {
  /** N: rows of a batch; fewer if there are fewer records. */
  readonly batch: number;
  /**
   * Sizes that batches are padded to. Default `auto`: at most four, chosen from the lengths of the
   * records so that little padding is left.
   */
  readonly buckets?: Buckets;
  /** Decides the order of the records. Default: the trainer's seed. */
  readonly seed?: number;
  /** Whether the records that do not fill a batch are left out of an epoch. Default false. */
  readonly dropLast?: boolean;
}

/** Rows in memory as a source. Make one with `dataset` or `slidingWindows`. */
export class RowSource<F extends Fields> implements Source<F> {
  readonly fields: F;
  readonly fingerprint: string;
  /** The sizes of batches by letter, without N, each at least as large as the one before. */
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

  /** Number of records. */
  get length(): number {
    return this.#data.rows.length;
  }

  /**
   * Batches without end, each record once in an epoch, in a new order every epoch. The rows of a batch
   * are of like length, and batches of all lengths are mixed. The batch that is left over is filled up
   * with rows of padding, which have no loss; where the targets are numbers, which no padding can stand
   * for, it has fewer rows.
   */
  loader({ batch, seed }: LoaderOptions = {}): Loader<F> {
    const { dropLast = false } = this.#options;
    return this.#loader(batch, { seed: this.#options.seed ?? seedNumber(seed), dropLast });
  }

  /** Every record once, in the same order every time. */
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

/** Records as a source. */
export class Dataset<F extends Fields> extends RowSource<F> {
  /**
   * The columns with the statistics of the training records: for records that come from elsewhere,
   * and for predictions.
   */
  readonly columns: readonly Column[];
  /** By entry of the records: the statistics that its numbers are scaled by. */
  readonly stats: Readonly<Record<string, Stats>>;

  constructor(records: Records<object>, columns: readonly Column[], options: DatasetOptions) {
    const data = encodeRecords(records, columns);
    super(data, options);
    this.columns = data.columns;
    this.stats = Object.fromEntries(
      data.columns.flatMap(({ name, stats }) => (stats ? [[name, stats] as const] : [])),
    );
  }

  /** Means and deviations by field, of columns that scale. */
  get scales(): Readonly<Record<string, Stats>> {
    return predictionSource(this.columns).scales ?? {};
  }

  /** See `predictionBatches`. */
  predictionBatches(rows: Iterable<object>, options: { readonly batch: number }): PredictionBatch[] {
    return predictionBatches(rows, this.columns, options);
  }
}

/**
 * Records as batches. All records are read at once, so every error in them is found here.
 *
 * The means and deviations of `normalize: 'standard'` are those of the records; of the validation
 * part of a split, those of its training part. `count` counts the targets of the first target
 * column.
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
 * What `Trainer.predict` needs to read records: of a data set whose training is over.
 * @param columns with all statistics: those of the data set, or with `normalize` as it had them
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

/** A batch for predictions. */
export interface PredictionBatch {
  /** All fields of the columns; those of targets are padding, and no target counts. */
  readonly batch: Batch;
  /** The number of each row's record: row n of the batch is record `records[n]`. */
  readonly records: readonly number[];
}

/**
 * Batches of records without targets. Each record is in one batch; those of like length stand
 * together.
 * @param columns with all statistics, as a data set has them (`Dataset.columns`)
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
