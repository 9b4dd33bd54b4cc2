import { Random, STREAM } from '../core/random.js';
import { permutation } from '../text/permutation.js';
import { fieldShape, type Batch, type Sizes } from '../train/batch.js';
import { layoutOf, type EncodedRows } from './encode.js';

/**
 * How the full batches of an epoch follow each other. `shuffled`: in an order of chance, so that every
 * part of an epoch has short and long rows. `runs`: eight of one size at a time; checkpoints of earlier
 * versions go on like this.
 */
export type BatchOrder = 'shuffled' | 'runs';

const RUN_LENGTHS: Readonly<Record<BatchOrder, number>> = { shuffled: 1, runs: 8 };

/** Random words set aside for each epoch's order of runs. */
const WORDS_PER_EPOCH = 2 ** 24;

/** Which rows a batch has, and the bucket that it is padded to. */
export interface PlannedBatch {
  readonly bucket: number;
  readonly rows: readonly number[];
}

/** What decides the batches of an epoch. */
export interface EpochOptions {
  /** Buckets of the rows. */
  readonly buckets: ArrayLike<number>;
  /** Number of buckets. */
  readonly sizes: number;
  /** N. */
  readonly batch: number;
  /** Leaves out the rows that do not fill a batch. */
  readonly dropLast: boolean;
  /** Undefined: rows stay in their order within each bucket. */
  readonly order: { readonly seed: number; readonly epoch: number; readonly batches: BatchOrder } | undefined;
}

/**
 * The batches of one epoch: every row once. What does not fill a batch of its bucket goes to the
 * next larger one, so one batch at most has fewer rows, and it is of the largest size.
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

/** Arrays of the rows, padded. @param N rows of the batch, at least as many as there are rows */
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
      // A field that nobody reads, such as the targets of a prediction, stays padding.
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
