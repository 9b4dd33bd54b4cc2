import type { NumberArray } from '../../core/arrays.js';
import { initialState, walkOf } from '../../core/recurrence.js';
import { asTheyAre } from '../../core/half.js';
import type { Reference } from '../../plan/op.js';

const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));

/** Returns Σ_k weight[row,k]·operand[k], one element of a product with a matrix [·,H]. */
function product(weight: NumberArray, row: number, operand: NumberArray): number {
  let sum = 0;
  const H = operand.length;
  for (let k = 0; k < H; k++) sum += weight[row * H + k] * operand[k];
  return sum;
}

/**
 * With a = W_ih·x_t + b_ih, x = m ⊙ h_{t−1} (m the recurrent mask, 1 without dropout) and the
 * blocks W_r, W_z, W_n of W_hh:
 *   r = σ(a_r + W_r·x + b_r),   z = σ(a_z + W_z·x + b_z)
 *   n = tanh(a_n + r ⊙ q), q = W_n·x + b_n          (reset after; torch.nn.GRU)
 *   n = tanh(a_n + W_n·q + b_n), q = r ⊙ x          (reset before; Cho et al., 2014)
 *   h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
 *   y_t = d_t ⊙ h_t
 * d_t is the mask of the outputs (1 without dropout). At padding y_t = 0 and h_t = h_{t−1}.
 */
export const forward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const { projected, h0, h0_learned, keep, weight_hh, bias_hh, y, hn, h, masked, gates } = tensors;
  const { T, N, H } = dims;
  const before = attributes.reset === 'before';
  const walk = walkOf(tensors, dims, attributes);
  const seen = masked ?? h;
  const weights = operands(weight_hh);
  const bias = (row: number): number => (bias_hh ? bias_hh[row] : 0);
  const put = (row: number, i: number, value: number): void => {
    h[row * N * H + i] = value;
    if (masked) masked[row * N * H + i] = walk.recurrentFactor(i) * value;
  };
  for (let i = 0; i < N * H; i++) put(walk.steps[0], i, initialState(i, dims, h0, keep, h0_learned));
  for (const t of walk.steps) {
    for (let n = 0; n < N; n++) {
      const at = (t * N + n) * H;
      const [a, g] = [3 * at, 4 * at];
      if (walk.isPadding(t, n)) {
        for (let j = 0; j < H; j++) {
          put(walk.rowAfter(t), n * H + j, h[at + j]);
          y[at + j] = 0;
        }
        gates.fill(0, g, g + 4 * H);
        continue;
      }
      const states = operands(seen.subarray(at, at + H));
      for (let j = 0; j < H; j++) {
        gates[g + j] = sigmoid(projected[a + j] + bias(j) + product(weights, j, states));
        gates[g + H + j] = sigmoid(projected[a + H + j] + bias(H + j) + product(weights, H + j, states));
        gates[g + 3 * H + j] = before
          ? gates[g + j] * seen[at + j]
          : bias(2 * H + j) + product(weights, 2 * H + j, states);
      }
      const reset = operands(gates.subarray(g + 3 * H, g + 4 * H));
      for (let j = 0; j < H; j++) {
        const [r, z, q] = [gates[g + j], gates[g + H + j], gates[g + 3 * H + j]];
        const candidate = Math.tanh(
          projected[a + 2 * H + j] + (before ? bias(2 * H + j) + product(weights, 2 * H + j, reset) : r * q),
        );
        gates[g + 2 * H + j] = candidate;
        const state = (1 - z) * candidate + z * h[at + j];
        put(walk.rowAfter(t), n * H + j, state);
        y[at + j] = walk.outputFactor(at + j) * state;
      }
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
};

/**
 * With f_{t+1} the gradient that the later step passes back [at the row's end dhn]:
 *   dh_t = d_t ⊙ dy_t + f_{t+1},   f_t = dh_t ⊙ z + m ⊙ dx
 *   dn = dh_t ⊙ (1 − z) ⊙ (1 − n²),   dz = dh_t ⊙ (h_{t−1} − n) ⊙ z ⊙ (1 − z)
 *   after:   dr = dn ⊙ q ⊙ r ⊙ (1 − r),   dx = W_rᵀ·dr + W_zᵀ·dz + W_nᵀ·(dn ⊙ r)
 *   before:  dq = W_nᵀ·dn,   dr = dq ⊙ x ⊙ r ⊙ (1 − r),   dx = W_rᵀ·dr + W_zᵀ·dz + dq ⊙ r
 *   da = (dr, dz, dn)
 *   dW_r = Σ dr·xᵀ,   dW_z = Σ dz·xᵀ,   dW_n = Σ (dn ⊙ r)·xᵀ, or with reset before Σ dn·qᵀ
 *   db_hh = sums of the same left factors
 * No gradient flows from or into padded steps. A row with keep = 0 passes its dh0 to the learned
 * initial state.
 */
export const backward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const { keep, weight_hh, h, gates, masked, dy, dhn, dh, dweight_hh, dbias_hh, dh0, dh0_learned } = tensors;
  const { T, N, H } = dims;
  const before = attributes.reset === 'before';
  const walk = walkOf(tensors, dims, attributes);
  const seen = masked ?? h;
  const da = tensors.dprojected ?? tensors.da;
  const weights = operands(weight_hh);
  /** Gradients [T*N,3H] of the sums that the recurrent product is added to. */
  const ds = new Float64Array(T * N * 3 * H);
  const flowing = new Float64Array(N * H);
  if (dhn) flowing.set(dhn);
  da.fill(0);
  for (const t of [...walk.steps].reverse()) {
    for (let n = 0; n < N; n++) {
      const at = (t * N + n) * H;
      const [a, g] = [3 * at, 4 * at];
      const padding = walk.isPadding(t, n);
      if (padding && dh) dh.fill(0, at, at + H);
      if (padding) continue;
      const dx = new Float64Array(H);
      for (let j = 0; j < H; j++) {
        const [r, z, candidate, q] = [0, 1, 2, 3].map((gate) => gates[g + gate * H + j]);
        const gradient = flowing[n * H + j] + (dy ? dy[at + j] * walk.outputFactor(at + j) : 0);
        if (dh) dh[at + j] = gradient;
        const dn = gradient * (1 - z) * (1 - candidate * candidate);
        da[a + H + j] = ds[a + H + j] = gradient * (h[at + j] - candidate) * z * (1 - z);
        da[a + 2 * H + j] = dn;
        ds[a + 2 * H + j] = before ? dn : dn * r;
        if (!before) da[a + j] = ds[a + j] = dn * q * r * (1 - r);
        flowing[n * H + j] = gradient * z;
      }
      const candidates = operands(ds.subarray(a + 2 * H, a + 3 * H));
      for (let j = 0; j < H; j++)
        for (let k = 0; k < H; k++) dx[k] += weights[(2 * H + j) * H + k] * candidates[j];
      for (let j = 0; before && j < H; j++) {
        const r = gates[g + j];
        da[a + j] = ds[a + j] = dx[j] * seen[at + j] * r * (1 - r);
        dx[j] *= r;
      }
      const others = operands(ds.subarray(a, a + 2 * H));
      for (let j = 0; j < 2 * H; j++) for (let k = 0; k < H; k++) dx[k] += weights[j * H + k] * others[j];
      for (let k = 0; k < H; k++) flowing[n * H + k] += walk.recurrentFactor(n * H + k) * dx[k];
    }
  }
  if (dh0) for (let i = 0; i < N * H; i++) dh0[i] = flowing[i] * (keep ? keep[Math.floor(i / H)] : 1);
  if (dh0_learned) {
    dh0_learned.fill(0);
    if (keep)
      for (let i = 0; i < N * H; i++) if (keep[Math.floor(i / H)] === 0) dh0_learned[i % H] += flowing[i];
  }
  dbias_hh?.fill(0);
  if (dbias_hh)
    for (let row = 0; row < T * N; row++) for (let j = 0; j < 3 * H; j++) dbias_hh[j] += ds[row * 3 * H + j];
  dweight_hh?.fill(0);
  if (!dweight_hh) return;
  const gradients = operands(ds);
  const states = operands(seen.subarray(0, T * N * H));
  const reset = operands(gates);
  for (let row = 0; row < T * N; row++) {
    for (let j = 0; j < 3 * H; j++) {
      const gradient = gradients[row * 3 * H + j];
      const [operand, start] = before && j >= 2 * H ? [reset, row * 4 * H + 3 * H] : [states, row * H];
      for (let k = 0; k < H; k++) dweight_hh[j * H + k] += gradient * operand[start + k];
    }
  }
};
