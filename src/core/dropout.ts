import { pcg4d, STREAM } from './random.js';

/**
 * The numbers that determine a dropout mask. Equal numbers give equal masks on every device, and
 * backward computes the mask of forward again.
 */
export interface DropoutSite {
  /** (seed, step) of a training step. */
  readonly key: ArrayLike<number>;
  /** A whole number; each mask of a network has its own. */
  readonly site: number;
  /** Whether the mask is for a recurrent state, which has one mask for all steps of a window. */
  readonly recurrent: boolean;
  /** Share of elements that are dropped, from 0 to below 1. */
  readonly rate: number;
}

/** An element is dropped when the upper 24 bits of its random word are below this number. */
export function dropThreshold(rate: number): number {
  return Math.round(rate * 16777216);
}

/** The random stream of a site; see `STREAM`. */
export function dropoutStream({ site, recurrent }: Pick<DropoutSite, 'site' | 'recurrent'>): number {
  return STREAM.dropout + 256 * (2 * site + (recurrent ? 1 : 0));
}

/**
 * The factor of element `e`: 0 if it is dropped, else 1/(1 − rate), so that the mean is unchanged
 * (inverted dropout).
 */
export function dropoutFactor(place: DropoutSite, e: number): number {
  if (place.rate === 0) return 1;
  const { key, rate } = place;
  const words = pcg4d(key[0], dropoutStream(place), Math.floor(e / 4), key[1]);
  return words[e % 4] >>> 8 < dropThreshold(rate) ? 0 : 1 / (1 - rate);
}
