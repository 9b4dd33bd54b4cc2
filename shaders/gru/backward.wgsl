// One time step of back-propagation through the GRU with the reset gate after the recurrent product.
// Computes: with dh_t of gradient.wgsl, where Σ = Σ_j s[later step,j]·weight_hh[j,·]
//   dn = dh_t·(1−z)(1−n²), dz = dh_t·(h_{t−1}−n)·z(1−z), dr = dn·q·r(1−r)
//   da = (dr, dz, dn), s = (dr, dz, dn·r), p = dh_t·z
// Bindings: weight_hh [3H,H], recurrent: s [T,N,3H], then p [N,H]; da [T,N,3H]; the others of
//   gradient.wgsl; lengths [N] or absent, key [2] or absent
// Owner: finish_four owns four units of one batch row; the body (recurrent/step_*.wgsl) determines
//   which invocation calls it
// After: the steps that forward took after t

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return !is_last(step.t); }
fn load_left(i: u32) -> Value { return recurrent[i]; }

// Stores s, which the product of the next launch reads.
fn store_s(row: u32, unit: u32, dr: vec4<f32>, dz: vec4<f32>, dq: vec4<f32>) {
  let count = H - unit;
  let at = (step.t * N + row) * 3u * H + unit;
  store_recurrent(at, count, dr);
  store_recurrent(at + H, count, dz);
  store_recurrent(at + 2u * H, count, dq);
  pass_on(row, unit, count, dr);
  pass_on(row, H + unit, count, dz);
  pass_on(row, 2u * H + unit, count, dq);
}

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  if (is_padding(step.t, row)) {
    finish_padding(row, unit);
    store_s(row, unit, vec4<f32>(), vec4<f32>(), vec4<f32>());
    return;
  }
  let gradient = arriving(row, unit, sums.s0);
  let g = (step.t * N + row) * 4u * H + unit;
  let r = load_gates(g);
  let z = load_gates(g + H);
  let n = load_gates(g + 2u * H);
  let dn = gradient * (1.0 - z) * (1.0 - n * n);
  let dz = gradient * (load_h((step.t * N + row) * H + unit) - n) * z * (1.0 - z);
  let dr = dn * load_gates(g + 3u * H) * r * (1.0 - r);
  store_da(a, count, dr);
  store_da(a + H, count, dz);
  store_da(a + 2u * H, count, dn);
  store_s(row, unit, dr, dz, dn * r);
  store_recurrent(place_of_past(row, unit), count, gradient * z);
}
