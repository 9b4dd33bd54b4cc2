// One time step of back-propagation through the LSTM.
// dh_t[n,k] = output mask·dy[t,n,k] + recurrent mask·Σ_j da[later step,n,j]·weight_hh[j,k];  dc_t = dh_t ⊙ o ⊙ (1 − tanh²c_t) + f ⊙ dc_t of the later step
// da_i = dc·g·i(1 − i), da_f = dc·c_{t−1}·f(1 − f), da_g = dc·i·(1 − g²), da_o = dh·tanh(c_t)·o(1 − o);  at the row's end dhn and dcn come in by da, with FINAL
// weight_hh [4H,H], states [2T+2,N,H] (rows of h, then of c), gates [T,N,4H], dy [T,N,H]
// (optional), da [T,N,4H], carry [N,H] (f ⊙ dc_t), dh [T,N,H], lengths [N], key [2] (optional)
// finish_four owns four units of one batch row in every step, and their place in carry; the body
// (shaders/recurrent/step_*.wgsl) tells which invocation calls it. Runs after the steps that
// forward took after t, and after lstm/backward_begin with FINAL.

const CELLS = (T + 1u) * N * H; // where the rows of c begin

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return !is_last(step.t); }
fn load_left(i: u32) -> Value { return da[i]; }

#if !DIAGONAL
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
  // Carry stands still: in a forward layer padded steps come before the row's end sets it, in a
  // reverse one after its beginning.
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
