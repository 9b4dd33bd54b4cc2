import { initialState, walkOf } from '../../core/recurrence.js';
import { asTheyAre } from '../../core/half.js';
import type { Reference } from '../../plan/op.js';

/**
 * The Elman network, as in torch.nn.RNN: h_t = f(a_t + W_hh·(m ⊙ h_{t−1}) + b_hh), y_t = d_t ⊙ h_t,
 * with a_t = W_ih·x_t + b_ih and f = tanh or relu. m is the recurrent mask, and d_t the mask of the
 * outputs (1 without dropout). At padding y_t = 0 and h_t = h_{t−1}.
 */
export const forward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const { projected, h0, h0_learned, keep, weight_hh, bias_hh, y, hn, h, masked } = tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const seen = masked ?? h;
  const weights = operands(weight_hh);
  const put = (row: number, i: number, value: number): void => {
    h[row * N * H + i] = value;
    if (masked) masked[row * N * H + i] = walk.recurrentFactor(i) * value;
  };
  for (let i = 0; i < N * H; i++) put(walk.steps[0], i, initialState(i, dims, h0, keep, h0_learned));
  for (const t of walk.steps) {
    const states = operands(seen.subarray(t * N * H, (t + 1) * N * H));
    for (let n = 0; n < N; n++) {
      const row = (t * N + n) * H;
      for (let j = 0; j < H; j++) {
        if (walk.isPadding(t, n)) {
          put(walk.rowAfter(t), n * H + j, h[row + j]);
          y[row + j] = 0;
          continue;
        }
        let sum = projected[row + j] + (bias_hh ? bias_hh[j] : 0);
        for (let k = 0; k < H; k++) sum += weights[j * H + k] * states[n * H + k];
        const state = attributes.nonlinearity === 'relu' ? Math.max(0, sum) : Math.tanh(sum);
        put(walk.rowAfter(t), n * H + j, state);
        y[row + j] = walk.outputFactor(row + j) * state;
      }
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
};

/**
 * With s_t = a_t + W_hh·(m ⊙ h_{t−1}) + b_hh:
 *   dh_t = d_t ⊙ dy_t + m ⊙ W_hhᵀ·ds_{t+1} [+ dhn at the row's end]
 *   ds_t = dh_t ⊙ f'(s_t),   f' = 1 − h² (tanh), [h > 0] (relu)
 *   da_t = ds_t,   dW_hh = Σ_t,n ds_t·(m ⊙ h_{t−1})ᵀ,   db_hh = Σ_t,n ds_t
 *   dh0 = keep · m ⊙ W_hhᵀ·ds_0
 * No gradient flows from or into padded steps. A row with keep = 0 passes its dh0 to the learned
 * initial state.
 */
export const backward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const { keep, weight_hh, h, masked, dy, dhn, da, dh, dprojected, dweight_hh, dbias_hh, dh0, dh0_learned } =
    tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const ds = dprojected ?? da;
  const weights = operands(weight_hh);
  const flowing = new Float64Array(N * H);
  if (dhn) flowing.set(dhn);
  for (const t of [...walk.steps].reverse()) {
    const at = t * N * H;
    for (let i = 0; i < N * H; i++) {
      const padding = walk.isPadding(t, Math.floor(i / H));
      const state = h[walk.rowAfter(t) * N * H + i];
      const slope = attributes.nonlinearity === 'relu' ? (state > 0 ? 1 : 0) : 1 - state * state;
      const gradient = padding ? 0 : (dy ? dy[at + i] * walk.outputFactor(at + i) : 0) + flowing[i];
      if (dh) dh[at + i] = gradient;
      ds[at + i] = gradient * slope;
      if (!padding) flowing[i] = 0;
    }
    const gradients = operands(ds.subarray(at, at + N * H));
    for (let n = 0; n < N; n++)
      for (let j = 0; j < H; j++)
        for (let k = 0; k < H; k++)
          flowing[n * H + k] += walk.recurrentFactor(n * H + k) * weights[j * H + k] * gradients[n * H + j];
  }
  if (dh0) for (let i = 0; i < N * H; i++) dh0[i] = flowing[i] * (keep ? keep[Math.floor(i / H)] : 1);
  if (dh0_learned) {
    dh0_learned.fill(0);
    if (keep)
      for (let i = 0; i < N * H; i++) if (keep[Math.floor(i / H)] === 0) dh0_learned[i % H] += flowing[i];
  }
  if (dweight_hh) {
    const gradients = operands(ds.subarray(0, T * N * H));
    const seen = operands((masked ?? h).subarray(0, T * N * H));
    dweight_hh.fill(0);
    for (let row = 0; row < T * N; row++)
      for (let j = 0; j < H; j++)
        for (let k = 0; k < H; k++) dweight_hh[j * H + k] += gradients[row * H + j] * seen[row * H + k];
  }
  if (dbias_hh) {
    dbias_hh.fill(0);
    for (let row = 0; row < T * N; row++) for (let j = 0; j < H; j++) dbias_hh[j] += ds[row * H + j];
  }
};
