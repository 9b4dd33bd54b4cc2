// One time step of the LSTM.
// Computes:
//   s = projected[t,n] + bias_hh + weight_hh·x, in the blocks i f g o; x = recurrent mask ⊙ h_{t−1}
//   i, f, o = σ of their blocks, g = tanh of its block
//   c_t = f ⊙ c_{t−1} + i ⊙ g
//   h_t = o ⊙ tanh(c_t)
//   y[t] = output mask ⊙ h_t
// Bindings: projected [T,N,4H], weight_hh [4H,H], bias_hh [4H] or absent, states [2T+2,N,H] (rows of h,
//   then rows of c), masked [T+1,N,H] or absent, gates [T,N,4H], y [T,N,H], lengths [N] or absent, key
//   [2] or absent
// Owner: finish_four owns four units of one batch row, with all their gates; the body
//   (recurrent/step_*.wgsl) determines which invocation calls it
// After: recurrent/begin, and the steps before t

const CELLS = (T + 1u) * N * H; // first element of the rows of c

fn left_row() -> u32 { return step.t * N; }
fn has_product() -> bool { return true; }
#if HAS_MASKED
fn load_left(i: u32) -> Value { return masked[i]; }
#else
fn load_left(i: u32) -> Value { return states[i]; }
#endif

fn gate_sum(row: u32, at: u32, sum: vec4<f32>) -> vec4<f32> {
#if HAS_BIAS_HH
  return load_projected(row + at) + sum + load_bias_hh(at);
#else
  return load_projected(row + at) + sum;
#endif
}

fn store_gates4(at: u32, count: u32, i: vec4<f32>, f: vec4<f32>, g: vec4<f32>, o: vec4<f32>) {
  store_gates(at, count, i);
  store_gates(at + H, count, f);
  store_gates(at + 2u * H, count, g);
  store_gates(at + 3u * H, count, o);
}

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let e = row * H + unit;
  let at = step.t * N * H + e;
  let after = row_after(step.t) * N * H + e;
  let gates_row = (step.t * N + row) * 4u * H;
  if (is_padding(step.t, row)) {
    let none = vec4<f32>();
    store_states(after, count, load_states(at));
    store_states(CELLS + after, count, load_states(CELLS + at));
    store_gates4(gates_row + unit, count, none, none, none, none);
    store_y(at, count, none);
#if HAS_MASKED
    store_masked(after, count, load_masked(at));
    pass_on(row, unit, count, load_masked(at));
#else
    pass_on(row, unit, count, load_states(at));
#endif
    return;
  }
  let i = sigmoid_of4(gate_sum(gates_row, unit, sums.s0));
  let f = sigmoid_of4(gate_sum(gates_row, H + unit, sums.s1));
  let g = tanh_of4(gate_sum(gates_row, 2u * H + unit, sums.s2));
  let o = sigmoid_of4(gate_sum(gates_row, 3u * H + unit, sums.s3));
  store_gates4(gates_row + unit, count, i, f, g, o);
  let c = f * load_states(CELLS + at) + i * g;
  let h = o * tanh_of4(c);
  store_states(after, count, h);
  store_states(CELLS + after, count, c);
#if HAS_MASKED
  let seen = h * recurrent_factors(e);
  store_masked(after, count, seen);
  pass_on(row, unit, count, seen);
#else
  pass_on(row, unit, count, h);
#endif
#if OUTPUT_DROP
  store_y(at, count, h * output_factors(at));
#else
  store_y(at, count, h);
#endif
}
