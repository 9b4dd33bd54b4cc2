/** Inputs of `cellStateGradients`: gates and states of an LSTM, each [T,N,H], and gradients. */
export interface CellStateValues {
  /** dL/dh_t of every step, [T,N,H]. */
  readonly dh: ArrayLike<number>;
  /** Upstream gradient of the final cell state, [N,H]. Undefined: zero. */
  readonly dcn: ArrayLike<number> | undefined;
  readonly [name: string]: ArrayLike<number> | undefined;
}

/**
 * dL/dc_t of every step of an LSTM, [T,N,H], zero at padded steps:
 *   dc_t = dh_t ⊙ o_t ⊙ (1 − tanh²c_t) + f_{t+1} ⊙ dc_{t+1}, and dcn is added at the row's last step.
 * The op lstm computes the same, but stores the gradient of one step only.
 */
export function cellStateGradients(
  { dh, dcn, c, f, o }: CellStateValues,
  { T, N, H }: { readonly T: number; readonly N: number; readonly H: number },
  reverse: boolean,
  stepsOfRow: (n: number) => number,
): Float32Array {
  const result = new Float32Array(T * N * H);
  if (!c || !f || !o) throw new TypeError('Gradients of cell states need the gates f and o and the state c.');
  for (let n = 0; n < N; n++) {
    const own = stepsOfRow(n);
    // Gradients flow against the layer's own direction.
    const steps = Array.from({ length: own }, (_, i) => (reverse ? i : own - 1 - i));
    for (let j = 0; j < H; j++) {
      let carried = dcn?.[n * H + j] ?? 0;
      for (const t of steps) {
        const at = (t * N + n) * H + j;
        const squashed = Math.tanh(c[at]);
        const gradient = dh[at] * o[at] * (1 - squashed * squashed) + carried;
        result[at] = gradient;
        carried = f[at] * gradient;
      }
    }
  }
  return result;
}
