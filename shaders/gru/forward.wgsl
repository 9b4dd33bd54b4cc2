// One time step of the GRU with the reset gate after the recurrent product.
// Computes: with x = recurrent mask ⊙ h_{t−1} and a = projected
//   r = σ(a_r + W_r·x + b_r), z = σ(a_z + W_z·x + b_z)
//   q = W_n·x + b_n, n = tanh(a_n + r ⊙ q)
//   h_t and y: see state.wgsl
// Bindings: projected [T,N,3H], weight_hh [3H,H], bias_hh [3H] or absent, h [T+1,N,H], masked [T+1,N,H]
//   or absent, gates r z n q [T,N,4H], y [T,N,H], lengths [N] or absent, key [2] or absent
// Owner: finish_four owns four units of one batch row; the body (recurrent/step_*.wgsl) determines
//   which invocation calls it
// After: recurrent/begin, and the steps before t

fn left_row() -> u32 { return step.t * N; }
fn has_product() -> bool { return true; }
#if HAS_MASKED
fn load_left(i: u32) -> Value { return masked[i]; }
#else
fn load_left(i: u32) -> Value { return h[i]; }
#endif

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  if (is_padding(step.t, row)) {
    finish_padding(row, unit);
    return;
  }
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  let r = sigmoid_of4(load_projected(a) + sums.s0 + biases(unit));
  let z = sigmoid_of4(load_projected(a + H) + sums.s1 + biases(H + unit));
  let q = sums.s2 + biases(2u * H + unit);
#if DIAGONAL
  let n = tanh_of4(load_projected(a + 2u * H) + sums.s3 + r * q); // s3: the contribution of the layer below
#else
  let n = tanh_of4(load_projected(a + 2u * H) + r * q);
#endif
  let g = (step.t * N + row) * 4u * H + unit;
  store_gates(g, count, r);
  store_gates(g + H, count, z);
  store_gates(g + 2u * H, count, n);
  store_gates(g + 3u * H, count, q);
  finish_state(row, unit, z, n);
}
