// One time step of the GRU with the reset gate before the recurrent product of n, in one launch.
// Computes: with x = recurrent mask ⊙ h_{t−1} and a = projected
//   first stage: r = σ(a_r + W_r·x + b_r), z = σ(a_z + W_z·x + b_z), q = r ⊙ x
//   second stage: n = tanh(a_n + W_n·q + b_n); h_t and y: see state.wgsl
// Bindings: projected [T,N,3H], weight_hh [3H,H], bias_hh [3H] or absent, h [T+1,N,H], masked [T+1,N,H]
//   or absent, gates r z n q [T,N,4H], y [T,N,H], lengths [N] or absent, key [2] or absent
// Owner: a workgroup owns a batch row, so it can wait for all elements of q; row_steps.wgsl determines
//   which invocation owns which units
// After: recurrent/begin, and the steps before t

struct FirstSums { r: vec4<f32>, z: vec4<f32> }

#if HAS_MASKED
fn seen(i: u32) -> vec4<f32> { return load_masked(i); }
#else
fn seen(i: u32) -> vec4<f32> { return load_h(i); }
#endif

fn first_left(row: u32, k: u32) -> vec4<f32> { return seen((step.t * N + row) * H + k); }
fn second_left(row: u32, k: u32) -> vec4<f32> { return load_gates(((step.t * N + row) * 4u + 3u) * H + k); }

fn first_sums(row: u32, unit: u32, slice: u32, index: u32) -> FirstSums {
  let r = whole(share(false, row, 0u, unit, H, slice), index);
  return FirstSums(r, whole(share(false, row, H, unit, H, slice), index));
}

fn first_stage(row: u32, unit: u32, sums: FirstSums) {
  if (is_padding(step.t, row)) { return; }
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  let g = (step.t * N + row) * 4u * H + unit;
  let r = sigmoid_of4(load_projected(a) + sums.r + biases(unit));
  store_gates(g, count, r);
  store_gates(g + H, count, sigmoid_of4(load_projected(a + H) + sums.z + biases(H + unit)));
  store_gates(g + 3u * H, count, r * seen((step.t * N + row) * H + unit));
}

fn second_stage(row: u32, unit: u32, sum: vec4<f32>) {
  if (is_padding(step.t, row)) {
    finish_padding(row, unit);
    return;
  }
  let g = (step.t * N + row) * 4u * H + unit;
  let n = tanh_of4(load_projected((step.t * N + row) * 3u * H + 2u * H + unit) + sum + biases(2u * H + unit));
  store_gates(g + 2u * H, H - unit, n);
  finish_state(row, unit, load_gates(g + H), n);
}
