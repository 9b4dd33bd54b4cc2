import { DataError } from '../core/errors.js';
import { permutation } from './permutation.js';

/**
 * How windows of T characters are cut from S ids for N batch rows:
 * - `pointer`: one pointer, for N = 1. It moves on by T; where p + T + 1 ≥ S it goes back to 0,
 *   with a zero state (min-char-rnn).
 * - `consecutive`: N rows of S // N ids, (S // N − 1) // T windows; the state is zero at each
 *   epoch's start and carried otherwise (gluon, char-rnn). With N streams, each stream is a row.
 * - `random`: the E = (S − 1) // T windows that start at multiples of T, in a new order each epoch,
 *   N at a time: E // N batches; the state is zero (gluon), or with `carry` that of the row's window
 *   before, which is from another place of the text.
 * - `whole`: every character but the first is a target exactly once, for evaluation: N rows of
 *   ceil((S − 1) / N) targets, the state carried from zero, the ends filled up with the unknown id,
 *   which the loss leaves out.
 */
export type Sampling = 'pointer' | 'consecutive' | 'random' | 'whole';

/** A way of cutting windows from S ids, for fixed S, N and T. */
export interface Cut {
  readonly windowsPerEpoch: number;
  /** Where row n of a window begins in the ids. */
  start(epoch: number, index: number, row: number): number;
  /**
   * One past the last id that a row may use as a target; what lies beyond is filled up with the
   * unknown id.
   */
  end(row: number): number;
  /** Whether a state can be carried into a window from the one before. */
  carries(index: number): boolean;
}

/**
 * The cut of S ids into windows. Throws a DataError when not one window fits, with the arithmetic.
 */
export function cutWindows(sampling: Sampling, S: number, N: number, T: number, seed: number): Cut {
  const unbounded = { end: () => S };
  const carried = { carries: (index: number) => index > 0 };
  switch (sampling) {
    case 'pointer':
      if (S < T + 1) throw tooFew(S, N, T, `${T} + 1 = ${T + 1}`);
      return {
        ...unbounded,
        ...carried,
        windowsPerEpoch: Math.max(1, Math.ceil((S - T - 1) / T)),
        start: (_, index) => index * T,
      };
    case 'consecutive': {
      const row = Math.floor(S / N);
      if (row < T + 1) throw tooFew(S, N, T, `${N} · (${T} + 1) = ${N * (T + 1)}`);
      return {
        ...unbounded,
        ...carried,
        windowsPerEpoch: Math.floor((row - 1) / T),
        start: (_, index, n) => n * row + index * T,
      };
    }
    case 'random': {
      const windows = Math.floor((S - 1) / T);
      if (windows < N) throw tooFew(S, N, T, `${N} · ${T} + 1 = ${N * T + 1}`);
      let order = { epoch: -1, at: (place: number) => place };
      const at = (epoch: number, place: number): number => {
        if (order.epoch !== epoch) order = { epoch, at: permutation(windows, seed, epoch) };
        return order.at(place);
      };
      return {
        ...unbounded,
        ...carried,
        windowsPerEpoch: Math.floor(windows / N),
        start: (epoch, index, n) => at(epoch, index * N + n) * T,
      };
    }
    case 'whole': {
      const row = Math.ceil((S - 1) / N);
      if (S - 1 < N) throw tooFew(S, N, T, `${N} + 1 = ${N + 1}`);
      return {
        ...carried,
        windowsPerEpoch: Math.ceil(row / T),
        start: (_, index, n) => Math.min(S, n * row + index * T),
        end: (n) => Math.min(S, (n + 1) * row + 1),
      };
    }
  }
}

function tooFew(S: number, N: number, T: number, need: string): DataError {
  return new DataError(
    `${S} characters are too few: batch ${N} × time ${T} needs at least ${need}. Lower batch or time, ` +
      'or take a longer text.',
  );
}
