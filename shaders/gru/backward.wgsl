// One time step of back-propagation through the GRU with the reset gate after the recurrent product.
// dh_t = output mask·dy[t] + recurrent mask·Σ_j s[later step,j]·weight_hh[j,·] + p, where p = dh·z of the later step, or dhn
// dn = dh_t(1−z)(1−n²), dz = dh_t(h_{t−1}−n)z(1−z), dr = dn·q·r(1−r);  da = (dr, dz, dn), s = (dr, dz, dn·r), p = dh_t·z
// weight_hh [3H,H], gates r z n q [T,N,4H], h [T+1,N,H], dy [T,N,H], dhn [N,H] (optional), da [T,N,3H], recurrent: s [T,N,3H], then p [N,H]; dh [T,N,H], lengths [N], key [2] (optional)
// finish_four owns four units of one batch row; the body tells which invocation calls it. Its four elements of p are its own in all steps.
// Runs after the steps that forward took after t. LAST: nothing comes from later, and p begins; elsewhere dhn is not bound.

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return true; }
fn load_left(i: u32) -> Value { return recurrent[i]; }

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let i = row * H + unit;
  let at = step.t * N * H + i;
  let a = (step.t * N + row) * 3u * H + unit;
  let p = 3u * T * N * H + i;
#if !LAST
  let past = load_recurrent(p);
#elif HAS_DHN
  let past = load_dhn(i);
#else
  let past = vec4<f32>();
#endif
  if (is_padding(step.t, row)) {
    let zero = vec4<f32>();
    store_da(a, count, zero);
    store_da(a + H, count, zero);
    store_da(a + 2u * H, count, zero);
    store_recurrent(a, count, zero);
    store_recurrent(a + H, count, zero);
    store_recurrent(a + 2u * H, count, zero);
#if LAST
    store_recurrent(p, count, past);
#endif
#if HAS_DH
    store_dh(at, count, zero);
#endif
    return;
  }
  var gradient = past;
#if !LAST
#if RECURRENT_DROP
  gradient += sums.s0 * recurrent_factors(i);
#else
  gradient += sums.s0;
#endif
#endif
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
  let g = (step.t * N + row) * 4u * H + unit;
  let r = load_gates(g);
  let z = load_gates(g + H);
  let n = load_gates(g + 2u * H);
  let dn = gradient * (1.0 - z) * (1.0 - n * n);
  let dz = gradient * (load_h(at) - n) * z * (1.0 - z);
  let dr = dn * load_gates(g + 3u * H) * r * (1.0 - r);
  store_da(a, count, dr);
  store_da(a + H, count, dz);
  store_da(a + 2u * H, count, dn);
  store_recurrent(a, count, dr);
  store_recurrent(a + H, count, dz);
  store_recurrent(a + 2u * H, count, dn * r);
  store_recurrent(p, count, gradient * z);
}
