import { wholeNumber } from '../core/options.js';
import type { Batch, FieldArray, Fields, Sizes } from '../train/batch.js';
import { checkPosition, type Loader, type LoaderState } from '../train/source.js';
import { described } from './buckets.js';
import type { EncodedRows } from './encode.js';
import { assemble, planEpoch, type BatchOrder, type PlannedBatch } from './epochs.js';

/** What a loader of rows takes. */
export interface RowLoaderOptions {
  readonly data: EncodedRows;
  /** Of the source. */
  readonly fingerprint: string;
  /** The bucket of each row. */
  readonly buckets: Uint32Array;
  /** Of the buckets, without N. */
  readonly sizes: readonly Sizes[];
  /** N. */
  readonly batch: number;
  readonly dropLast: boolean;
  /** Decides the order; undefined for rows in their order. */
  readonly seed?: number | undefined;
  /** Batches of an epoch at most. Default: all. */
  readonly batches?: number | undefined;
}

/** Batches of rows, epoch after epoch. An epoch's order follows from seed and epoch alone. */
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
    // The fields' own types: `assemble` makes an array of the dtype of every field.
    const arrays = assembled.arrays as { readonly [K in keyof F]: FieldArray<F[K]> };
    return { ...assembled, arrays, epoch, index };
  }

  state(): LoaderState {
    const { fingerprint, seed } = this.#options;
    return {
      source: fingerprint,
      order: this.#described(this.#order),
      seed: seed ?? 0,
      epoch: this.#epoch,
      index: this.#index,
      batchesPerEpoch: this.batchesPerEpoch,
    };
  }

  restore(state: LoaderState): void {
    const order = state.order === this.#described('runs') ? 'runs' : 'shuffled';
    if (order !== this.#order) [this.#order, this.#planned] = [order, undefined];
    checkPosition(state, this.state());
    [this.#epoch, this.#index] = [state.epoch, state.index];
  }

  #described(order: BatchOrder): string {
    const { batch, dropLast, sizes } = this.#options;
    const buckets = sizes.map((size) => described({ N: batch, ...size })).join('; ');
    return `records in ${order === 'runs' ? '' : 'shuffled '}batches of ${buckets}${dropLast ? ', full ones only' : ''}`;
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
