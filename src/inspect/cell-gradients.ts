/** What the gradients of an LSTM's cell states follow from; [T,N,H] each, `dcn` [N,H]. */
export interface CellStateValues {
  readonly dh: ArrayLike<number>;
  /** What arrives at the final cell state from behind the window. */
  readonly dcn: ArrayLike<number> | undefined;
  readonly [name: string]: ArrayLike<number> | undefined;
}

/**
 * dL/dc_t of every step of an LSTM, [T,N,H], zero at padded steps:
 *   dc_t = dh_t ⊙ o_t ⊙ (1 − tanh²c_t) + f_{t+1} ⊙ dc_{t+1},   at the row's end + dcn
 * as in the reference of the op lstm, which keeps only one step of it.
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
    // Backward goes against the layer's own direction.
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
