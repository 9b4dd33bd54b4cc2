import { initialState, walkOf } from '../../core/recurrence.js';
import type { Reference } from '../../plan/op.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The minLSTM of Feng et al., "Were RNNs All We Needed?" (2024), with a linear candidate: f =
 * σ(a_f), i = σ(a_i), h̃ = a_h,
 *   f' = f/(f + i),   i' = i/(f + i),   h_t = f' ⊙ h_{t−1} + i' ⊙ h̃,   y_t = d_t ⊙ h_t
 * with a = W_ih·x_t + b_ih in the blocks f i h̃, and d_t the mask of the outputs (1 without
 * dropout). At padding y_t = 0 and h_t = h_{t−1}.
 */
export const forward: Reference = (tensors, dims, attributes) => {
  const { projected, h0, h0_learned, keep, y, hn, h, gates } = tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  for (let i = 0; i < N * H; i++) h[walk.steps[0] * N * H + i] = initialState(i, dims, h0, keep, h0_learned);
  for (const t of walk.steps) {
    for (let n = 0; n < N; n++) {
      for (let j = 0; j < H; j++) {
        const at = (t * N + n) * H + j;
        const gate = (t * N + n) * 3 * H + j;
        const after = (walk.rowAfter(t) * N + n) * H + j;
        if (walk.isPadding(t, n)) {
          for (let block = 0; block < 3; block++) gates[gate + block * H] = 0;
          h[after] = h[at];
          y[at] = 0;
          continue;
        }
        const [f, i, candidate] = [
          sigmoid(projected[gate]),
          sigmoid(projected[gate + H]),
          projected[gate + 2 * H],
        ];
        gates[gate] = f;
        gates[gate + H] = i;
        gates[gate + 2 * H] = candidate;
        h[after] = (f / (f + i)) * h[at] + (i / (f + i)) * candidate;
        y[at] = walk.outputFactor(at) * h[after];
      }
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
};

/**
 *   dh_t = d_t ⊙ dy_t + f'_{t+1} ⊙ dh_{t+1} [+ dhn at the row's end]
 *   df' = dh_t ⊙ (h_{t−1} − h̃), since i' = 1 − f'
 *   da_f = df' ⊙ f' ⊙ i' ⊙ (1 − f),   da_i = −df' ⊙ f' ⊙ i' ⊙ (1 − i),   da_h = dh_t ⊙ i'
 *   dh0 = keep · f'_0 ⊙ dh_0
 * No gradient flows from or into padded steps. A row with keep = 0 passes its dh0 to the learned
 * initial state.
 */
export const backward: Reference = (tensors, dims, attributes) => {
  const { keep, h, gates, dy, dhn, dh, dprojected, dh0, dh0_learned } = tensors;
  const { N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const flowing = new Float64Array(N * H);
  if (dhn) flowing.set(dhn);
  for (const t of [...walk.steps].reverse()) {
    for (let e = 0; e < N * H; e++) {
      const n = Math.floor(e / H);
      const at = t * N * H + e;
      const gate = (t * N + n) * 3 * H + (e % H);
      if (walk.isPadding(t, n)) {
        if (dh) dh[at] = 0;
        for (let block = 0; dprojected && block < 3; block++) dprojected[gate + block * H] = 0;
        continue;
      }
      const [f, i, candidate] = [gates[gate], gates[gate + H], gates[gate + 2 * H]];
      const [kept, fresh] = [f / (f + i), i / (f + i)];
      const gradient = (dy ? walk.outputFactor(at) * dy[at] : 0) + flowing[e];
      if (dh) dh[at] = gradient;
      if (dprojected) {
        const change = gradient * (h[at] - candidate) * kept * fresh;
        dprojected[gate] = change * (1 - f);
        dprojected[gate + H] = -change * (1 - i);
        dprojected[gate + 2 * H] = gradient * fresh;
      }
      flowing[e] = kept * gradient;
    }
  }
  if (dh0) for (let e = 0; e < N * H; e++) dh0[e] = flowing[e] * (keep ? keep[Math.floor(e / H)] : 1);
  if (dh0_learned) {
    dh0_learned.fill(0);
    if (keep)
      for (let e = 0; e < N * H; e++) if (keep[Math.floor(e / H)] === 0) dh0_learned[e % H] += flowing[e];
  }
};
