import { DataError } from '../core/errors.js';
import { permutation } from './permutation.js';

/**
 * The order of windows of T characters from S ids, for N batch rows:
 * - `pointer`: one pointer p, for N = 1. It moves by T. If p + T + 1 ≥ S, it returns to 0 with a
 *   zero state (min-char-rnn).
 * - `consecutive`: N rows of S // N ids, (S // N − 1) // T windows. The state is zero at the start
 *   of an epoch and carried afterwards (gluon, char-rnn). With N streams, each stream is a row.
 * - `random`: the E = (S − 1) // T windows that start at multiples of T, in a new order each epoch,
 *   N in each of E // N batches. The state is zero (gluon), or with `carry` that of the previous
 *   window of the row, which is from another place of the text.
 * - `whole`: for evaluation, every character but the first is a target exactly once. There are N
 *   rows of ceil((S − 1) / N) targets. The state is zero at first and then carried. The ends are
 *   filled up with the unknown id, which has no loss.
 */
export type Sampling = 'pointer' | 'consecutive' | 'random' | 'whole';

/** The windows of a sampling, for fixed S, N and T. */
export interface WindowPlan {
  readonly windowsPerEpoch: number;
  /** Position of the first id of row n of a window. */
  start(epoch: number, index: number, row: number): number;
  /** Position after the last target of a row. Later places are filled up with the unknown id. */
  end(row: number): number;
  /** Whether the state of the previous window can be carried into a window. */
  carries(index: number): boolean;
}

/** Plans the windows of S ids. @throws DataError if S is too small for one window */
export function planWindows(sampling: Sampling, S: number, N: number, T: number, seed: number): WindowPlan {
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
