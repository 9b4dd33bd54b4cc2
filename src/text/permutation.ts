import { pcg4d, Random, STREAM } from '../core/random.js';

/**
 * Largest number of items whose order is a shuffled list (1 MiB). The order of more items is
 * computed item by item in constant memory.
 */
const MAX_LISTED = 2 ** 18;

/** Random words reserved for each epoch: more than shuffling MAX_LISTED items needs. */
const WORDS_PER_EPOCH = 2 ** 24;

/**
 * Rounds of the Feistel network. Four are the smallest safe number (Luby and Rackoff, 1988); two
 * more cost little.
 */
const ROUNDS = 6;

/**
 * A random order of the whole numbers 0 to `length − 1`. It depends on `seed` and `epoch` only, so
 * a checkpoint stores an epoch and a position instead of the order.
 * @returns a function from place to number
 */
export function permutation(length: number, seed: number, epoch: number): (place: number) => number {
  const random = new Random(seed, STREAM.batches, epoch * WORDS_PER_EPOCH);
  if (length > MAX_LISTED) return feistel(length, random.word(), random.word());
  const order = Uint32Array.from({ length }, (_, i) => i);
  random.shuffle(order);
  return (place) => order[place];
}

/**
 * Permutes 0 to `length − 1` without a list. A balanced Feistel network is a bijection of the
 * numbers with 2·b bits. A result of `length` or more enters the network again until it is smaller
 * ("cycle walking": Black and Rogaway, 2002; fewer than four times on average).
 */
export function feistel(length: number, key0: number, key1: number): (place: number) => number {
  let half = 2;
  while (half * half < length) half *= 2;
  return (place) => {
    let value = place;
    do {
      let high = Math.floor(value / half);
      let low = value % half;
      for (let round = 0; round < ROUNDS; round++)
        [high, low] = [low, (high ^ pcg4d(low, round, key0, key1)[0]) & (half - 1)];
      value = high * half + low;
    } while (value >= length);
    return value;
  };
}
