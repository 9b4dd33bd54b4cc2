import type { StateDict } from '../../src/index.js';

/** Cells that are calculated here. */
export type HandCell = 'rnn' | 'lstm' | 'gru';

/** A step of a cell: its gates and states [H] by name, and its way back. */
export interface HandStep {
  readonly values: Readonly<Record<string, readonly number[]>>;
  /**
   * [G*H], the gradient of the product of inputs and input weights.
   * @param dh gradient of the state after the step, [H]
   * @param dc of an LSTM: that of its cell state
   */
  readonly back: (dh: ArrayLike<number>, dc?: ArrayLike<number>) => number[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The formulas of torch.nn.RNN, LSTM and GRU for one row.
 * @param a W_ih·x + b_ih, [G*H]
 * @param s W_hh·h + b_hh, [G*H]
 * @param before states before the step, [H] by name
 */
export function stepByHand(
  cell: HandCell,
  a: readonly number[],
  s: readonly number[],
  before: Readonly<Record<string, ArrayLike<number>>>,
): HandStep {
  const H = before.h.length;
  const units = Array.from({ length: H }, (_, j) => j);
  const each = (of: (j: number) => number): number[] => units.map(of);
  const sum = (gate: number, j: number): number => a[gate * H + j] + s[gate * H + j];
  if (cell === 'rnn') {
    const h = each((j) => Math.tanh(sum(0, j)));
    return { values: { h }, back: (dh) => each((j) => dh[j] * (1 - h[j] ** 2)) };
  }
  if (cell === 'gru') {
    const [r, z] = [0, 1].map((gate) => each((j) => sigmoid(sum(gate, j))));
    const n = each((j) => Math.tanh(a[2 * H + j] + r[j] * s[2 * H + j]));
    const h = each((j) => (1 - z[j]) * n[j] + z[j] * before.h[j]);
    return {
      values: { r, z, n, h },
      back(dh) {
        const dn = each((j) => dh[j] * (1 - z[j]) * (1 - n[j] ** 2));
        const dr = each((j) => dn[j] * s[2 * H + j] * r[j] * (1 - r[j]));
        const dz = each((j) => dh[j] * (before.h[j] - n[j]) * z[j] * (1 - z[j]));
        return [...dr, ...dz, ...dn];
      },
    };
  }
  const [i, f, o] = [0, 1, 3].map((gate) => each((j) => sigmoid(sum(gate, j))));
  const g = each((j) => Math.tanh(sum(2, j)));
  const c = each((j) => f[j] * before.c[j] + i[j] * g[j]);
  const h = each((j) => o[j] * Math.tanh(c[j]));
  return {
    values: { i, f, g, o, c, h },
    back: (dh, dc = []) => [
      ...each((j) => dc[j] * g[j] * i[j] * (1 - i[j])),
      ...each((j) => dc[j] * before.c[j] * f[j] * (1 - f[j])),
      ...each((j) => dc[j] * i[j] * (1 - g[j] ** 2)),
      ...each((j) => dh[j] * Math.tanh(c[j]) * o[j] * (1 - o[j])),
    ],
  };
}

/** weight·x + bias of a parameter [P,K] and its bias, or without one. */
export function productByHand(
  weights: StateDict,
  weight: string,
  x: ArrayLike<number>,
  bias?: string,
): number[] {
  const {
    shape: [P, K],
    data,
  } = weights[weight];
  return Array.from({ length: P }, (_, p) => {
    let sum = bias === undefined ? 0 : weights[bias].data[p];
    for (let k = 0; k < K; k++) sum += data[p * K + k] * x[k];
    return sum;
  });
}
