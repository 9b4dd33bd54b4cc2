import { Random, STREAM } from '../core/random.js';
import { permutation } from '../text/permutation.js';
import { fieldShape, type Batch, type Sizes } from '../train/batch.js';
import { layoutOf, type EncodedRows } from './encode-records.js';

/**
 * The order of the full batches of an epoch. `shuffled`: random, so that every part of an epoch has
 * short and long rows. `runs`: eight batches of one size at a time; only checkpoints of earlier
 * versions continue in this order.
 */
export type BatchOrder = 'shuffled' | 'runs';

const RUN_LENGTHS: Readonly<Record<BatchOrder, number>> = { shuffled: 1, runs: 8 };

/** Random words reserved for the order of each epoch. */
const WORDS_PER_EPOCH = 2 ** 24;

/** The rows of a batch. */
export interface PlannedBatch {
  /** Index of the bucket that the batch is padded to. */
  readonly bucket: number;
  readonly rows: readonly number[];
}

/** Options of `planEpoch`. */
export interface EpochOptions {
  /** By row: the index of its bucket. */
  readonly buckets: ArrayLike<number>;
  /** Number of buckets. */
  readonly sizes: number;
  /** N: rows of a batch. */
  readonly batch: number;
  /** Leaves out the last rows that do not fill a batch. */
  readonly dropLast: boolean;
  /** Undefined: the rows of each bucket keep their order. */
  readonly order: { readonly seed: number; readonly epoch: number; readonly batches: BatchOrder } | undefined;
}

/**
 * The batches of one epoch, with every row once. Rows that do not fill a batch of their bucket move
 * to the next larger bucket. So at most one batch has fewer rows, and it has the largest size.
 */
export function planEpoch({ buckets, sizes, batch, dropLast, order }: EpochOptions): PlannedBatch[] {
  const at = order ? permutation(buckets.length, order.seed, order.epoch) : (place: number) => place;
  const waiting = Array.from({ length: sizes }, (): number[] => []);
  for (let place = 0; place < buckets.length; place++) waiting[buckets[at(place)]].push(at(place));
  const length = RUN_LENGTHS[order?.batches ?? 'runs'];
  const runs: PlannedBatch[][] = [];
  let rest: number[] = [];
  for (const [bucket, own] of waiting.entries()) {
    const rows = [...rest, ...own];
    const full = Math.floor(rows.length / batch);
    for (let first = 0; first < full; first += length)
      runs.push(
        Array.from({ length: Math.min(length, full - first) }, (_, i) => ({
          bucket,
          rows: rows.slice((first + i) * batch, (first + i + 1) * batch),
        })),
      );
    rest = rows.slice(full * batch);
  }
  const last = rest.length > 0 && !dropLast ? [{ bucket: sizes - 1, rows: rest }] : [];
  if (!order) return [...runs.flat(), ...last];
  const random = new Random(order.seed, STREAM.runs, order.epoch * WORDS_PER_EPOCH);
  const places = Uint32Array.from(runs.keys());
  random.shuffle(places);
  return [...Array.from(places, (place) => runs[place]).flat(), ...last];
}

/** Padded arrays of the given rows. @param sizes by letter; N is at least the number of rows */
export function assemble(
  { fields, pads, rows: all }: EncodedRows,
  rows: readonly number[],
  sizes: Sizes,
): Pick<Batch, 'arrays' | 'sizes' | 'count' | 'rows'> {
  const { N } = sizes;
  const arrays: Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> = {};
  for (const [name, field] of Object.entries(fields)) {
    const length = fieldShape(field, sizes).reduce((product, size) => product * size, 1);
    const array = field.dtype === 'u32' ? new Uint32Array(length) : new Float32Array(length);
    array.fill(pads[name]);
    const { rest } = layoutOf(name, field);
    for (const [n, row] of rows.entries()) {
      // A field that no column has read, such as the targets of a prediction, stays padding.
      const values = all[row].arrays[name] ?? [];
      for (let step = 0; step * rest < values.length; step++) {
        const to = (step * N + n) * rest;
        for (let i = 0; i < rest; i++) array[to + i] = values[step * rest + i];
      }
    }
    arrays[name] = array;
  }
  const count = rows.reduce((total, row) => total + all[row].count, 0);
  return { arrays, sizes, count, ...(rows.length < N ? { rows: rows.length } : {}) };
}
