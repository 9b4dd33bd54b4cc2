import { pcg4d, STREAM } from './random.js';

/**
 * What decides a dropout mask: the same numbers give the same mask on every device, in forward and
 * again in backward.
 */
export interface DropoutSite {
  /** (seed, step): the random numbers of a training step. */
  readonly key: ArrayLike<number>;
  /** A whole number that is different for every place of a network with a mask. */
  readonly site: number;
  /** Whether it is the mask of a recurrent state, of which there is one per window. */
  readonly recurrent: boolean;
  /** Share of elements that are dropped, from 0 to below 1. */
  readonly rate: number;
}

/** Random words that are compared: those below this many of 2²⁴ are dropped. */
export function dropThreshold(rate: number): number {
  return Math.round(rate * 16777216);
}

/** The stream of random bits of a place. */
export function dropoutStream({ site, recurrent }: Pick<DropoutSite, 'site' | 'recurrent'>): number {
  return STREAM.dropout + 256 * (2 * site + (recurrent ? 1 : 0));
}

/**
 * The factor of element `e`: 0 where it is dropped, else 1/(1 − rate), so that the mean stays as it
 * is (inverted dropout).
 */
export function dropoutFactor(place: DropoutSite, e: number): number {
  if (place.rate === 0) return 1;
  const { key, rate } = place;
  const words = pcg4d(key[0], dropoutStream(place), Math.floor(e / 4), key[1]);
  return words[e % 4] >>> 8 < dropThreshold(rate) ? 0 : 1 / (1 - rate);
}
