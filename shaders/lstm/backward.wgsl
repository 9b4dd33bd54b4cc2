// One time step of back-propagation through the LSTM.
// Computes:
//   dh_t[n,k] = output mask·dy[t,n,k] + recurrent mask·Σ_j da[later step,n,j]·weight_hh[j,k]
//   dc_t = dh_t ⊙ o ⊙ (1 − tanh²c_t) + carry of the later step;  carry = f ⊙ dc_t
//   da_i = dc·g·i(1 − i), da_f = dc·c_{t−1}·f(1 − f)
//   da_g = dc·i·(1 − g²), da_o = dh·tanh(c_t)·o(1 − o)
//   with FINAL, da has dhn and dcn at the row's end until this step replaces them
// Bindings: weight_hh [4H,H], states [2T+2,N,H] (rows of h, then rows of c), gates [T,N,4H], dy [T,N,H]
//   or absent, da [T,N,4H], carry [N,H], dh [T,N,H] or absent, lengths [N] or absent, key [2] or absent
// Owner: finish_four owns four units of one batch row and of carry; the body (recurrent/step_*.wgsl)
//   determines which invocation calls it
// After: the steps that forward took after t, and with FINAL recurrent/backward_begin

const CELLS = (T + 1u) * N * H; // first element of the rows of c

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return !is_last(step.t); }
fn load_left(i: u32) -> Value { return da[i]; }

#if !DIAGONAL
// dhn or dcn, at the last step of a row.
fn load_final(i: u32) -> vec4<f32> { return load_da(i); }
#endif

fn store_da4(row: u32, unit: u32, i: vec4<f32>, f: vec4<f32>, g: vec4<f32>, o: vec4<f32>) {
  let count = H - unit;
  let at = (step.t * N + row) * 4u * H + unit;
  store_da(at, count, i);
  store_da(at + H, count, f);
  store_da(at + 2u * H, count, g);
  store_da(at + 3u * H, count, o);
  pass_on(row, unit, count, i);
  pass_on(row, H + unit, count, f);
  pass_on(row, 2u * H + unit, count, g);
  pass_on(row, 3u * H + unit, count, o);
}

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let e = row * H + unit;
  let at = step.t * N * H + e;
  let gates_at = (step.t * N + row) * 4u * H + unit;
  // Padded steps leave carry unchanged. In a forward layer they come before the row's last step, which
  // sets carry; in a reverse layer they come after its first step, the last to use it.
  if (is_padding(step.t, row)) {
    let none = vec4<f32>();
    store_da4(row, unit, none, none, none, none);
#if HAS_DH
    store_dh(at, count, none);
#endif
    return;
  }
  var gradient = sums.s0;
#if RECURRENT_DROP
  gradient *= recurrent_factors(e);
#endif
  var cell = vec4<f32>();
  if (!is_end(step.t, row)) {
    cell = load_carry(e);
  } else {
#if FINAL
    gradient += load_final(gates_at);
    cell = load_final(gates_at + H);
#endif
  }
#if HAS_DY
#if OUTPUT_DROP
  gradient += load_dy(at) * output_factors(at);
#else
  gradient += load_dy(at);
#endif
#endif
#if HAS_DH
  store_dh(at, count, gradient);
#endif
  let i = load_gates(gates_at);
  let f = load_gates(gates_at + H);
  let g = load_gates(gates_at + 2u * H);
  let o = load_gates(gates_at + 3u * H);
  let squashed = tanh_of4(load_states(CELLS + row_after(step.t) * N * H + e));
  cell += gradient * o * (1.0 - squashed * squashed);
  store_carry(e, count, cell * f);
  store_da4(row, unit, cell * g * i * (1.0 - i), cell * load_states(CELLS + at) * f * (1.0 - f), cell * i * (1.0 - g * g), gradient * squashed * o * (1.0 - o));
}
