import { dropoutFactor } from './dropout.js';
import type { Dims } from './notation.js';

type Values = ArrayLike<number> | undefined;

/**
 * The walk of a recurrent layer over a window, for references: order of the steps, rows of the
 * states, lengths and masks.
 */
export interface Walk {
  /** Steps in the order of forward. */
  readonly steps: readonly number[];
  /** Row of the states that step t writes; it reads row t. */
  rowAfter(t: number): number;
  /** Whether step t of batch row n is padding. */
  isPadding(t: number, n: number): boolean;
  /** Steps after which row n's state is final, and before which it is initial. */
  end(n: number): number;
  first(n: number): number;
  /** The factor of element e of the outputs [T,N,H]. */
  outputFactor(e: number): number;
  /** The factor of element e of the state [N,H] that enters the recurrent product. */
  recurrentFactor(e: number): number;
}

/** Makes the walk from a call's tensors and attributes. */
export function walkOf(
  tensors: Readonly<Record<string, Values>>,
  { T }: Dims,
  attributes: Readonly<Record<string, string | number | boolean>>,
): Walk {
  const { lengths, key } = tensors;
  const { reverse, dropout, recurrentDropout, site } = attributes as {
    reverse: boolean;
    dropout: number;
    recurrentDropout: number;
    site: number;
  };
  const length = (n: number): number => (lengths ? lengths[n] : T);
  const factor = (rate: number, recurrent: boolean) => (e: number) =>
    rate === 0 ? 1 : dropoutFactor({ key: key ?? [], site, recurrent, rate }, e);
  return {
    steps: Array.from({ length: T }, (_, i) => (reverse ? T - 1 - i : i)),
    rowAfter: (t) => (reverse ? (t === 0 ? T : t - 1) : t + 1),
    isPadding: (t, n) => t >= length(n),
    end: (n) => (reverse ? 0 : length(n) - 1),
    first: (n) => (reverse ? length(n) - 1 : 0),
    outputFactor: factor(dropout, false),
    recurrentFactor: factor(recurrentDropout, true),
  };
}

/**
 * The initial state of element i of [N,H]: carried where keep is not 0, else what is learned, or
 * zero.
 */
export function initialState(
  i: number,
  { H }: Dims,
  carried: ArrayLike<number>,
  keep: Values,
  learned: Values,
): number {
  const share = keep ? keep[Math.floor(i / H)] : 1;
  return share === 0 ? (learned?.[i % H] ?? 0) : carried[i] * share;
}
