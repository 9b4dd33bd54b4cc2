// One time step of back-propagation through the GRU with the reset gate before the recurrent product
// of n, in one launch.
// Computes: with dh_t of gradient.wgsl, where Σ = Σ_{j<2H} da[later step,j]·weight_hh[j,·]
//   first stage: dn = dh_t·(1−z)(1−n²), dz = dh_t·(h_{t−1}−n)·z(1−z), p = dh_t·z
//   second stage: dq = recurrent mask·Σ_j dn[j]·weight_hh[2H+j,·], dr = dq·h_{t−1}·r(1−r), p += dq·r
//   da = (dr, dz, dn)
// Bindings: weight_hh [3H,H], da [T,N,3H]; the others of gradient.wgsl; lengths [N] or absent, key [2]
//   or absent
// Owner: a workgroup owns a batch row, so it can wait for all elements of dn; row_steps.wgsl determines
//   which invocation owns which units
// After: the steps that forward took after t

fn first_left(row: u32, k: u32) -> vec4<f32> { return load_da((step_after(step.t) * N + row) * 3u * H + k); }
fn second_left(row: u32, k: u32) -> vec4<f32> { return load_da((step.t * N + row) * 3u * H + 2u * H + k); }

fn first_sums(row: u32, unit: u32, slice: u32, index: u32) -> vec4<f32> {
#if LAST
  return vec4<f32>();
#else
  return whole(share(false, row, 0u, unit, 2u * H, slice), index);
#endif
}

fn first_stage(row: u32, unit: u32, sum: vec4<f32>) {
  if (is_padding(step.t, row)) {
    finish_padding(row, unit);
    return;
  }
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  let g = (step.t * N + row) * 4u * H + unit;
  let gradient = arriving(row, unit, sum);
  let z = load_gates(g + H);
  let n = load_gates(g + 2u * H);
  store_da(a + H, count, gradient * (load_h((step.t * N + row) * H + unit) - n) * z * (1.0 - z));
  store_da(a + 2u * H, count, gradient * (1.0 - z) * (1.0 - n * n));
  store_recurrent(place_of_past(row, unit), count, gradient * z);
}

fn second_stage(row: u32, unit: u32, sum: vec4<f32>) {
  if (is_padding(step.t, row)) { return; }
  let count = H - unit;
  let p = place_of_past(row, unit);
  let r = load_gates((step.t * N + row) * 4u * H + unit);
#if RECURRENT_DROP
  let dq = sum * recurrent_factors(row * H + unit);
#else
  let dq = sum;
#endif
  store_da((step.t * N + row) * 3u * H + unit, count, dq * load_h((step.t * N + row) * H + unit) * r * (1.0 - r));
  store_recurrent(p, count, load_recurrent(p) + dq * r);
}
