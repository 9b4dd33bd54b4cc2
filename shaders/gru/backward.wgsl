// One time step of back-propagation through the GRU with the reset gate after the recurrent
// product.
// dh_t by gradient.wgsl with Σ = Σ_j s[later step,j]·weight_hh[j,·];  dn = dh_t(1−z)(1−n²), dz = dh_t(h_{t−1}−n)z(1−z), dr = dn·q·r(1−r)
// da = (dr, dz, dn), s = (dr, dz, dn·r), p = dh_t·z
// weight_hh [3H,H], recurrent: s [T,N,3H], then p [N,H]; da [T,N,3H], the others as in
// gradient.wgsl, lengths [N], key [2] (optional) finish_four owns four units of one batch row; the
// body tells which invocation calls it.
// Runs after the steps that forward took after t.

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return true; }
fn load_left(i: u32) -> Value { return recurrent[i]; }

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  if (is_padding(step.t, row)) {
    finish_padding(row, unit);
    store_recurrent(a, count, vec4<f32>());
    store_recurrent(a + H, count, vec4<f32>());
    store_recurrent(a + 2u * H, count, vec4<f32>());
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
  store_recurrent(a, count, dr);
  store_recurrent(a + H, count, dz);
  store_recurrent(a + 2u * H, count, dn * r);
  store_recurrent(place_of_past(row, unit), count, gradient * z);
}
