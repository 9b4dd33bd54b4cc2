import { DataError, OptionError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import type { Fields, Sizes } from '../train/batch.js';
import { layoutOf, type EncodedRows } from './encode-records.js';

/**
 * A size that batches are padded to: one number for all letters, or by letter: `{ S: 20, T: 12 }`.
 */
export type BucketSize = number | Sizes;

/** `auto`: at most four sizes, chosen from the rows so that little padding is left. */
export type Buckets = 'auto' | readonly BucketSize[];

/** Largest number of sizes that `auto` chooses. */
const MAX_AUTO_SIZES = 4;

/** `auto` tries at most this many lengths of each letter; of more lengths it tries quantiles. */
const MAX_TRIED_LENGTHS = 24;

/**
 * Another size must save at least this share of the steps, since each size is compiled by itself.
 */
const MIN_SAVED_SHARE = 0.02;

/** The letters of the step axes of all fields, such as `S` and `T`, in alphabetical order. */
export function stepLetters(fields: Fields): string[] {
  const leads = Object.entries(fields).map(([name, field]) => layoutOf(name, field).lead);
  return [...new Set(leads.filter((lead) => typeof lead === 'string'))].sort();
}

/**
 * The sizes of buckets, each at least as large as the one before in every letter.
 * @param batch N, rows of a batch; `auto` chooses no more buckets than there are full batches
 * @throws OptionError for a list that is empty or not ascending in every letter
 */
export function bucketSizes(
  data: Pick<EncodedRows, 'fields' | 'rows'>,
  buckets: Buckets,
  batch: number,
): Sizes[] {
  const letters = stepLetters(data.fields);
  const rows = data.rows.map(({ sizes }) => letters.map((letter) => sizes[letter] ?? 1));
  const chosen =
    buckets === 'auto'
      ? chooseSizes(rows, Math.min(MAX_AUTO_SIZES, Math.max(1, Math.floor(rows.length / batch))))
      : givenSizes(buckets, letters);
  return chosen.map((sizes) => Object.fromEntries(letters.map((letter, i) => [letter, sizes[i]])));
}

function givenSizes(buckets: readonly BucketSize[], letters: readonly string[]): number[][] {
  if (!Array.isArray(buckets) || buckets.length === 0)
    throw new OptionError('buckets', buckets, "'auto' or a list of sizes, such as [16, 32]");
  const sizes = (buckets as readonly BucketSize[]).map((bucket) =>
    letters.map((letter) =>
      wholeNumber(`buckets, ${letter}`, typeof bucket === 'number' ? bucket : bucket?.[letter]),
    ),
  );
  sizes.sort((a, b) => sum(a) - sum(b));
  for (let i = 1; i < sizes.length; i++)
    if (!covers(sizes[i], sizes[i - 1]))
      throw new OptionError(
        'buckets',
        buckets,
        'sizes of which each is at least as large as those before it',
      );
  return sizes;
}

/**
 * At most `most` sizes that leave the fewest padded steps, by dynamic programming. Each size is at
 * least as large as the one before in every letter. With one letter the choice is the best one
 * among the tried lengths. Rows with two letters (S and T) share one chain of sizes, because the
 * lengths of sources and targets mostly grow together.
 * @param rows lengths of each row, one for each letter
 */
export function chooseSizes(rows: readonly (readonly number[])[], most: number): number[][] {
  const axes = (rows[0] ?? []).map((_, axis) => triedLengths(rows.map((row) => row[axis])));
  if (axes.length === 0) return [[]];
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = row.map((length, axis) => axes[axis].findIndex((tried) => tried >= length)).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const groups = [...counts].map(([key, count]) => ({
    sizes: key.split(',').map((place, axis) => axes[axis][Number(place)]),
    count,
  }));
  const candidates = products(axes).sort((a, b) => sum(a) - sum(b));
  /** By candidate: the number of rows that it has room for. */
  const fitting = candidates.map((size) =>
    groups.reduce((total, group) => total + (covers(size, group.sizes) ? group.count : 0), 0),
  );
  // cheapest[p]: fewest steps of all rows that candidate p has room for, with p as the last of k
  // sizes.
  let cheapest = candidates.map((size, p) => fitting[p] * sum(size));
  let chains: number[][] = candidates.map((_, p) => [p]);
  const last = candidates.length - 1;
  const perCount = [{ steps: cheapest[last], chain: chains[last] }];
  for (let k = 2; k <= most; k++) {
    const nextCheapest = [...cheapest];
    const nextChains = [...chains];
    for (let p = 0; p < candidates.length; p++)
      for (let q = 0; q < p; q++) {
        const steps = cheapest[q] + (fitting[p] - fitting[q]) * sum(candidates[p]);
        if (steps < nextCheapest[p] && covers(candidates[p], candidates[q]))
          [nextCheapest[p], nextChains[p]] = [steps, [...chains[q], p]];
      }
    [cheapest, chains] = [nextCheapest, nextChains];
    perCount.push({ steps: cheapest[last], chain: chains[last] });
  }
  const best = perCount[perCount.length - 1].steps;
  const { chain } = perCount.find(({ steps }) => steps <= best * (1 + MIN_SAVED_SHARE)) ?? perCount[0];
  return chain.map((p) => candidates[p]);
}

/** Lengths to try, in ascending order. The largest length is always one of them. */
function triedLengths(lengths: readonly number[]): number[] {
  const sorted = [...lengths].sort((a, b) => a - b);
  const distinct = [...new Set(sorted)];
  if (distinct.length <= MAX_TRIED_LENGTHS) return distinct;
  const quantiles = Array.from(
    { length: MAX_TRIED_LENGTHS },
    (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / MAX_TRIED_LENGTHS) - 1],
  );
  return [...new Set(quantiles)];
}

/** Every choice of one value from each axis. */
function products(axes: readonly (readonly number[])[]): number[][] {
  return axes.reduce<number[][]>(
    (all, axis) => all.flatMap((before) => axis.map((value) => [...before, value])),
    [[]],
  );
}

function covers(size: readonly number[], other: readonly number[]): boolean {
  return other.every((length, axis) => length <= size[axis]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** By row: the index of the first size that has room for it. @throws DataError if none has */
export function bucketOfRows(
  { rows, nameOf }: Pick<EncodedRows, 'rows' | 'nameOf'>,
  sizes: readonly Sizes[],
): Uint32Array {
  return Uint32Array.from(rows, ({ sizes: own }, row) => {
    const letters = Object.keys(own);
    const bucket = sizes.findIndex((size) => letters.every((letter) => own[letter] <= size[letter]));
    if (bucket >= 0) return bucket;
    const largest = sizes[sizes.length - 1];
    throw new DataError(
      `${nameOf(row)}: lengths do not fit: it has ${describeSizes(own)}, but the largest bucket is ` +
        `${describeSizes(largest)}. Add a larger bucket, or cut the record (longest).`,
    );
  });
}

/** Sizes in a message: `S = 3, T = 5`. */
export function describeSizes(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([letter, size]) => `${letter} = ${size}`)
    .join(', ');
}
