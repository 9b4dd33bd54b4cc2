import { dropoutFactor } from './dropout.js';
import type { Dims } from './notation.js';

type Values = ArrayLike<number> | undefined;

/**
 * How a recurrent layer goes through a window, for references: the order of the steps, rows of the
 * state arrays, lengths of batch rows, and dropout masks.
 */
export interface Walk {
  /** Time steps in the order in which forward computes them. */
  readonly steps: readonly number[];
  /** The row of the state array [T+1,N,H] that step t writes. Step t reads row t. */
  rowAfter(t: number): number;
  /** Whether step t of batch row n is padding. */
  isPadding(t: number, n: number): boolean;
  /** The last step that is computed for batch row n: its state is final. */
  end(n: number): number;
  /** The first step that is computed for batch row n: it reads the initial state. */
  first(n: number): number;
  /** The factor of element e of the outputs [T,N,H]. */
  outputFactor(e: number): number;
  /** The factor of element e of the state [N,H] that enters the recurrent product. */
  recurrentFactor(e: number): number;
}

/** The walk that a call's tensors and attributes ask for. */
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
 * Element i of the initial states [N,H]: carried · keep; where keep is 0 the learned state, or 0 if
 * there is none.
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
