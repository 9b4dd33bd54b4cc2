import { initialState, walkOf } from '../../core/recurrence.js';
import type { Reference } from '../../plan/op.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The minGRU of Feng et al., "Were RNNs All We Needed?" (2024), with a linear candidate: z =
 * σ(a_z), h̃ = a_h,
 *   h_t = (1 − z) ⊙ h_{t−1} + z ⊙ h̃,   y_t = d_t ⊙ h_t
 * with a = W_ih·x_t + b_ih in the blocks z h̃, and d_t the mask of the outputs (1 without dropout).
 * At padding y_t = 0 and h_t = h_{t−1}.
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
        const gate = (t * N + n) * 2 * H + j;
        const after = (walk.rowAfter(t) * N + n) * H + j;
        const padding = walk.isPadding(t, n);
        const z = padding ? 0 : sigmoid(projected[gate]);
        const candidate = padding ? 0 : projected[gate + H];
        gates[gate] = z;
        gates[gate + H] = candidate;
        h[after] = (1 - z) * h[at] + z * candidate;
        y[at] = padding ? 0 : walk.outputFactor(at) * h[after];
      }
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
};

/**
 *   dh_t = d_t ⊙ dy_t + (1 − z_{t+1}) ⊙ dh_{t+1} [+ dhn at the row's end]
 *   da_z = dh_t ⊙ (h̃ − h_{t−1}) ⊙ z ⊙ (1 − z),   da_h = dh_t ⊙ z,   dh0 = keep · (1 − z_0) ⊙ dh_0
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
    for (let i = 0; i < N * H; i++) {
      const n = Math.floor(i / H);
      const at = t * N * H + i;
      const gate = (t * N + n) * 2 * H + (i % H);
      const padding = walk.isPadding(t, n);
      const [z, candidate] = [gates[gate], gates[gate + H]];
      const gradient = padding ? 0 : (dy ? walk.outputFactor(at) * dy[at] : 0) + flowing[i];
      if (dh) dh[at] = gradient;
      if (dprojected) {
        dprojected[gate] = gradient * (candidate - h[at]) * z * (1 - z);
        dprojected[gate + H] = gradient * z;
      }
      if (!padding) flowing[i] = (1 - z) * gradient;
    }
  }
  if (dh0) for (let i = 0; i < N * H; i++) dh0[i] = flowing[i] * (keep ? keep[Math.floor(i / H)] : 1);
  if (dh0_learned) {
    dh0_learned.fill(0);
    if (keep)
      for (let i = 0; i < N * H; i++) if (keep[Math.floor(i / H)] === 0) dh0_learned[i % H] += flowing[i];
  }
};
