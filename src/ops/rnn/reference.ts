import type { Reference } from '../../plan/op.js';

/**
 * h_t = f(a_t + W_hh·h_{t−1} + b_hh) with a_t = W_ih·x_t + b_ih, f = tanh or relu; the Elman network as torch.nn.RNN has it.
 * Row 0 of h is the initial state, zero where keep is 0; row t + 1 is h_t.
 */
export const forward: Reference = ({ projected, h0, keep, weight_hh, bias_hh, y, hn, h }, { T, N, H }, { nonlinearity }) => {
  for (let n = 0; n < N; n++) for (let j = 0; j < H; j++) h[n * H + j] = keep?.[n] === 0 ? 0 : h0[n * H + j] * (keep ? keep[n] : 1);
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const row = (t * N + n) * H;
      for (let j = 0; j < H; j++) {
        let sum = projected[row + j] + (bias_hh ? bias_hh[j] : 0);
        for (let k = 0; k < H; k++) sum += weight_hh[j * H + k] * h[row + k];
        y[row + j] = h[row + N * H + j] = nonlinearity === 'relu' ? Math.max(0, sum) : Math.tanh(sum);
      }
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
};

/**
 * With s_t = a_t + W_hh·h_{t−1} + b_hh:
 *   ds_t = (dy_t + W_hhᵀ·ds_{t+1} [+ dhn at t = T−1]) ⊙ f'(s_t),   f' = 1 − h² (tanh), [h > 0] (relu)
 *   da_t = ds_t,   dW_hh = Σ_t,n ds_t·h_{t−1}ᵀ,   db_hh = Σ_t,n ds_t,   dh0 = keep · W_hhᵀ·ds_0
 */
export const backward: Reference = ({ keep, weight_hh, h, dy, dhn, da, dprojected, dweight_hh, dbias_hh, dh0 }, { T, N, H }, { nonlinearity }) => {
  const ds = dprojected ?? da;
  const dh = new Float64Array(N * H);
  if (dhn) dh.set(dhn);
  for (let t = T - 1; t >= 0; t--) {
    const at = t * N * H;
    for (let i = 0; i < N * H; i++) {
      const state = h[at + N * H + i];
      const slope = nonlinearity === 'relu' ? (state > 0 ? 1 : 0) : 1 - state * state;
      ds[at + i] = ((dy ? dy[at + i] : 0) + dh[i]) * slope;
    }
    dh.fill(0);
    for (let n = 0; n < N; n++) for (let j = 0; j < H; j++) for (let k = 0; k < H; k++) dh[n * H + k] += weight_hh[j * H + k] * ds[at + n * H + j];
  }
  if (dh0) for (let i = 0; i < N * H; i++) dh0[i] = dh[i] * (keep ? keep[Math.floor(i / H)] : 1);
  if (dweight_hh) {
    dweight_hh.fill(0);
    for (let row = 0; row < T * N; row++) for (let j = 0; j < H; j++) for (let k = 0; k < H; k++) dweight_hh[j * H + k] += ds[row * H + j] * h[row * H + k];
  }
  if (dbias_hh) {
    dbias_hh.fill(0);
    for (let row = 0; row < T * N; row++) for (let j = 0; j < H; j++) dbias_hh[j] += ds[row * H + j];
  }
};
