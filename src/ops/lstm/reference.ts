import { initialState, walkOf } from '../../core/recurrence.js';
import { asTheyAre } from '../../core/half.js';
import type { Reference } from '../../plan/op.js';

const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));

/**
 * The cell of torch.nn.LSTM (Hochreiter and Schmidhuber, 1997; forget gate by Gers, 2000). With s_t =
 * a_t + W_hh·(m ⊙ h_{t−1}) + b_hh and a_t = W_ih·x_t + b_ih, in four blocks of H:
 *   i = σ(s_i),   f = σ(s_f),   g = tanh(s_g),   o = σ(s_o)
 *   c_t = f ⊙ c_{t−1} + i ⊙ g,   h_t = o ⊙ tanh(c_t),   y_t = d_t ⊙ h_t
 * m is the recurrent mask, and d_t the mask of the outputs (1 without dropout). At padding y_t = 0,
 * h_t = h_{t−1} and c_t = c_{t−1}.
 */
export const forward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const {
    projected,
    h0,
    c0,
    h0_learned,
    c0_learned,
    keep,
    weight_hh,
    bias_hh,
    y,
    hn,
    cn,
    states,
    gates,
    masked,
  } = tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const h = states.subarray(0, (T + 1) * N * H);
  const c = states.subarray((T + 1) * N * H);
  const seen = masked ?? h;
  const weights = operands(weight_hh);
  const put = (row: number, i: number, hidden: number, cell: number): void => {
    h[row * N * H + i] = hidden;
    c[row * N * H + i] = cell;
    if (masked) masked[row * N * H + i] = walk.recurrentFactor(i) * hidden;
  };
  for (let i = 0; i < N * H; i++)
    put(
      walk.steps[0],
      i,
      initialState(i, dims, h0, keep, h0_learned),
      initialState(i, dims, c0, keep, c0_learned),
    );
  for (const t of walk.steps) {
    const hidden = operands(seen.subarray(t * N * H, (t + 1) * N * H));
    for (let n = 0; n < N; n++) {
      const row = (t * N + n) * H;
      const preactivation = (unit: number): number => {
        let sum = projected[4 * row + unit] + (bias_hh ? bias_hh[unit] : 0);
        for (let k = 0; k < H; k++) sum += weights[unit * H + k] * hidden[n * H + k];
        return sum;
      };
      for (let j = 0; j < H; j++) {
        if (walk.isPadding(t, n)) {
          put(walk.rowAfter(t), n * H + j, h[row + j], c[row + j]);
          for (let gate = 0; gate < 4; gate++) gates[4 * row + gate * H + j] = 0;
          y[row + j] = 0;
          continue;
        }
        const i = sigmoid(preactivation(j));
        const f = sigmoid(preactivation(H + j));
        const g = Math.tanh(preactivation(2 * H + j));
        const o = sigmoid(preactivation(3 * H + j));
        [i, f, g, o].forEach((value, gate) => (gates[4 * row + gate * H + j] = value));
        const cell = f * c[row + j] + i * g;
        const state = o * Math.tanh(cell);
        put(walk.rowAfter(t), n * H + j, state, cell);
        y[row + j] = walk.outputFactor(row + j) * state;
      }
    }
  }
  hn.set(h.subarray(T * N * H));
  cn.set(c.subarray(T * N * H));
};

/**
 *   dh_t = d_t ⊙ dy_t + m ⊙ W_hhᵀ·ds_{t+1} [+ dhn at the row's end]
 *   dc_t = dh_t ⊙ o ⊙ (1 − tanh²c_t) + f_{t+1} ⊙ dc_{t+1} [or dcn at the row's end]
 *   ds_i = dc_t ⊙ g ⊙ i(1 − i),   ds_f = dc_t ⊙ c_{t−1} ⊙ f(1 − f)
 *   ds_g = dc_t ⊙ i ⊙ (1 − g²),   ds_o = dh_t ⊙ tanh(c_t) ⊙ o(1 − o)
 *   da_t = ds_t,   dW_hh = Σ_t,n ds_t·(m ⊙ h_{t−1})ᵀ,   db_hh = Σ_t,n ds_t
 *   dh0 = keep · m ⊙ W_hhᵀ·ds_0,   dc0 = keep · f_0 ⊙ dc_0
 * No gradient flows from or into padded steps. A row with keep = 0 passes its dh0 and dc0 to the
 * learned initial states.
 */
export const backward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
  const {
    keep,
    weight_hh,
    states,
    gates,
    masked,
    dy,
    dhn,
    dcn,
    da,
    dh,
    dprojected,
    dweight_hh,
    dbias_hh,
    dh0,
    dc0,
    dh0_learned,
    dc0_learned,
  } = tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const c = states.subarray((T + 1) * N * H);
  const ds = dprojected ?? da;
  const weights = operands(weight_hh);
  const flowing = new Float64Array(N * H);
  const flowingCell = new Float64Array(N * H);
  if (dhn) flowing.set(dhn);
  if (dcn) flowingCell.set(dcn);
  for (const t of [...walk.steps].reverse()) {
    for (let n = 0; n < N; n++) {
      const row = (t * N + n) * H;
      const padding = walk.isPadding(t, n);
      for (let j = 0; j < H; j++) {
        const unit = n * H + j;
        const gradient = padding ? 0 : (dy ? dy[row + j] * walk.outputFactor(row + j) : 0) + flowing[unit];
        if (dh) dh[row + j] = gradient;
        const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[4 * row + gate * H + j]);
        const squashed = Math.tanh(c[walk.rowAfter(t) * N * H + unit]);
        const cell = padding ? 0 : gradient * o * (1 - squashed * squashed) + flowingCell[unit];
        ds[4 * row + j] = cell * g * i * (1 - i);
        ds[4 * row + H + j] = cell * c[row + j] * f * (1 - f);
        ds[4 * row + 2 * H + j] = cell * i * (1 - g * g);
        ds[4 * row + 3 * H + j] = gradient * squashed * o * (1 - o);
        if (padding) continue;
        flowing[unit] = 0;
        flowingCell[unit] = cell * f;
      }
      const gradients = operands(ds.subarray(4 * row, 4 * (row + H)));
      for (let j = 0; j < 4 * H; j++)
        for (let k = 0; k < H; k++)
          flowing[n * H + k] += walk.recurrentFactor(n * H + k) * weights[j * H + k] * gradients[j];
    }
  }
  for (const [gradient, given] of [
    [flowing, dh0],
    [flowingCell, dc0],
  ] as const)
    if (given) for (let i = 0; i < N * H; i++) given[i] = gradient[i] * (keep ? keep[Math.floor(i / H)] : 1);
  for (const [gradient, learned] of [
    [flowing, dh0_learned],
    [flowingCell, dc0_learned],
  ] as const) {
    learned?.fill(0);
    if (learned && keep)
      for (let i = 0; i < N * H; i++) if (keep[Math.floor(i / H)] === 0) learned[i % H] += gradient[i];
  }
  if (dweight_hh) {
    const gradients = operands(ds.subarray(0, 4 * T * N * H));
    const seen = operands((masked ?? states).subarray(0, T * N * H));
    dweight_hh.fill(0);
    for (let row = 0; row < T * N; row++)
      for (let j = 0; j < 4 * H; j++)
        for (let k = 0; k < H; k++) dweight_hh[j * H + k] += gradients[row * 4 * H + j] * seen[row * H + k];
  }
  if (dbias_hh) {
    dbias_hh.fill(0);
    for (let row = 0; row < T * N; row++) for (let j = 0; j < 4 * H; j++) dbias_hh[j] += ds[row * 4 * H + j];
  }
};
