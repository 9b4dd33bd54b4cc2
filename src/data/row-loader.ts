import { wholeNumber } from '../core/options.js';
import type { Batch, FieldArray, Fields, Sizes } from '../train/batch.js';
import { checkPosition, type Loader, type LoaderState } from '../train/source.js';
import { describeSizes } from './buckets.js';
import type { EncodedRows } from './encode-records.js';
import { assemble, planEpoch, type BatchOrder, type PlannedBatch } from './epochs.js';

/** Options of a `RowLoader`. */
export interface RowLoaderOptions {
  readonly data: EncodedRows;
  /** Fingerprint of the source, by which a checkpoint recognises its data. */
  readonly fingerprint: string;
  /** By row: the index of its bucket. */
  readonly buckets: Uint32Array;
  /** By bucket: its sizes by letter, without N. */
  readonly sizes: readonly Sizes[];
  /** N: rows of a batch. */
  readonly batch: number;
  readonly dropLast: boolean;
  /** Decides the order of the rows. Default: the rows keep their order. */
  readonly seed?: number | undefined;
  /** Largest number of batches in an epoch. Default: all batches. */
  readonly batches?: number | undefined;
}

/**
 * Batches of rows, epoch after epoch. The order of an epoch depends on the seed and its number
 * only.
 */
export class RowLoader<F extends Fields> implements Loader<F> {
  readonly batchesPerEpoch: number;
  readonly #options: RowLoaderOptions;
  #order: BatchOrder = 'shuffled';
  #epoch = 0;
  #index = 0;
  #planned: { readonly epoch: number; readonly batches: readonly PlannedBatch[] } | undefined;

  constructor(options: RowLoaderOptions) {
    this.#options = options;
    const all = this.#plan(0).length;
    this.batchesPerEpoch = Math.min(all, wholeNumber('batches', options.batches ?? all));
  }

  next(): Batch<F> {
    const { data, sizes, batch } = this.#options;
    const [epoch, index] = [this.#epoch, this.#index];
    const { bucket, rows } = this.#plan(epoch)[index];
    const N = data.canFill ? batch : rows.length;
    [this.#epoch, this.#index] = index + 1 === this.batchesPerEpoch ? [epoch + 1, 0] : [epoch, index + 1];
    const assembled = assemble(data, rows, { ...sizes[bucket], N });
    // The cast is safe: `assemble` makes an array of the dtype of every field.
    const arrays = assembled.arrays as { readonly [K in keyof F]: FieldArray<F[K]> };
    return { ...assembled, arrays, epoch, index };
  }

  state(): LoaderState {
    const { fingerprint, seed } = this.#options;
    return {
      source: fingerprint,
      order: this.#orderName(this.#order),
      seed: seed ?? 0,
      epoch: this.#epoch,
      index: this.#index,
      batchesPerEpoch: this.batchesPerEpoch,
    };
  }

  restore(state: LoaderState): void {
    const order = state.order === this.#orderName('runs') ? 'runs' : 'shuffled';
    if (order !== this.#order) [this.#order, this.#planned] = [order, undefined];
    checkPosition(state, this.state());
    [this.#epoch, this.#index] = [state.epoch, state.index];
  }

  /**
   * Names the order in a checkpoint. Its text must stay the same, or old checkpoints are refused.
   */
  #orderName(order: BatchOrder): string {
    const { batch, dropLast, sizes } = this.#options;
    const buckets = sizes.map((size) => describeSizes({ N: batch, ...size })).join('; ');
    return (
      `records in ${order === 'runs' ? '' : 'shuffled '}batches of ` +
      `${buckets}${dropLast ? ', full ones only' : ''}`
    );
  }

  #plan(epoch: number): readonly PlannedBatch[] {
    if (this.#planned?.epoch === epoch) return this.#planned.batches;
    const { buckets, sizes, batch, dropLast, seed } = this.#options;
    const order = seed === undefined ? undefined : { seed, epoch, batches: this.#order };
    const batches = planEpoch({ buckets, sizes: sizes.length, batch, dropLast, order });
    this.#planned = { epoch, batches };
    return batches;
  }
}
