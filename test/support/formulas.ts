/**
 * PyTorch's formulas in plain loops, for one layer and one batch row: files of other formats are
 * compared with them.
 */

export interface CellSize {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly nonlinearity: 'tanh' | 'relu';
  readonly reset: 'after' | 'before';
  readonly C: number;
  readonly H: number;
}

/** In PyTorch's shapes and gate orders; undefined biases are zero. */
export interface CellWeights {
  readonly weightIh: ArrayLike<number>;
  readonly weightHh: ArrayLike<number>;
  readonly biasIh?: ArrayLike<number> | undefined;
  readonly biasHh?: ArrayLike<number> | undefined;
}

export interface CellState {
  readonly h: number[];
  readonly c: number[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Returns the state after one step. */
export function stepTorch(
  { cell, nonlinearity, reset, C, H }: CellSize,
  x: readonly number[],
  { h, c }: CellState,
  weights: CellWeights,
): CellState {
  const fresh = (row: number): number => dot(weights.weightIh, row * C, x) + (weights.biasIh?.[row] ?? 0);
  const recurrent = (row: number, state: readonly number[] = h): number =>
    dot(weights.weightHh, row * H, state) + (weights.biasHh?.[row] ?? 0);
  const units = (unit: (j: number) => number): number[] => Array.from({ length: H }, (_, j) => unit(j));
  if (cell === 'rnn')
    return {
      h: units((j) =>
        nonlinearity === 'tanh' ? Math.tanh(fresh(j) + recurrent(j)) : Math.max(0, fresh(j) + recurrent(j)),
      ),
      c,
    };
  const gate = (place: number): number[] =>
    units((j) => sigmoid(fresh(place * H + j) + recurrent(place * H + j)));
  if (cell === 'lstm') {
    const [i, f, o] = [gate(0), gate(1), gate(3)];
    const next = units((j) => f[j] * c[j] + i[j] * Math.tanh(fresh(2 * H + j) + recurrent(2 * H + j)));
    return { h: units((j) => o[j] * Math.tanh(next[j])), c: next };
  }
  const [r, z] = [gate(0), gate(1)];
  const kept = h.map((value, k) => r[k] * value);
  const n = units((j) =>
    Math.tanh(
      fresh(2 * H + j) + (reset === 'after' ? r[j] * recurrent(2 * H + j) : recurrent(2 * H + j, kept)),
    ),
  );
  return { h: units((j) => (1 - z[j]) * n[j] + z[j] * h[j]), c };
}

function dot(matrix: ArrayLike<number>, start: number, vector: readonly number[]): number {
  return vector.reduce((sum, value, k) => sum + value * matrix[start + k], 0);
}
