import { pcg4d, Random, STREAM } from '../core/random.js';

/**
 * Up to so many items an epoch's order is a shuffled list (1 MiB); above, it is computed item by
 * item in constant memory.
 */
const LISTED = 2 ** 18;

/** Random words set aside for each epoch: more than shuffling LISTED items draws. */
const WORDS_PER_EPOCH = 2 ** 24;

/**
 * Rounds of the Feistel network; four are the fewest that hide the structure (Luby and Rackoff,
 * 1988), two more cost little.
 */
const ROUNDS = 6;

/**
 * A random order of the whole numbers 0 to `length − 1`, decided by `seed` and `epoch` alone: a run
 * is resumed
 * by its epoch and position, and the order itself is never stored. Returns the function from place
 * to number.
 */
export function permutation(length: number, seed: number, epoch: number): (place: number) => number {
  const random = new Random(seed, STREAM.batches, epoch * WORDS_PER_EPOCH);
  if (length > LISTED) return feistel(length, random.word(), random.word());
  const order = Uint32Array.from({ length }, (_, i) => i);
  random.shuffle(order);
  return (place) => order[place];
}

/**
 * Permutes 0 to `length − 1` without a list: a balanced Feistel network is a bijection of the
 * numbers with 2·b bits, and a result beyond the length is sent through again until it is inside
 * ("cycle walking": Black and Rogaway, 2002; under four turns on average).
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
