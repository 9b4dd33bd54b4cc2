// One time step of the vanilla RNN.
// Computes:
//   h_t = f(projected[t,n,j] + bias_hh[j] + Σ_k x[n,k]·weight_hh[j,k]), x = recurrent mask ⊙ h_{t−1}
//   y[t] = output mask ⊙ h_t
// Bindings: projected [T,N,H], weight_hh [H,H], bias_hh [H] or absent, h [T+1,N,H], masked [T+1,N,H]
//   or absent, y [T,N,H], lengths [N] or absent, key [2] or absent
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

fn activation(s: vec4<f32>) -> vec4<f32> {
#if RELU
  return select(s, vec4<f32>(), s < vec4<f32>()); // not max(), which may turn NaN to 0
#else
  return tanh_of4(s);
#endif
}

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let i = row * H + unit;
  let at = step.t * N * H + i;
  let after = row_after(step.t) * N * H + i;
  if (is_padding(step.t, row)) {
    store_h(after, count, load_h(at));
    store_y(at, count, vec4<f32>());
#if HAS_MASKED
    store_masked(after, count, load_masked(at));
    pass_on(row, unit, count, load_masked(at));
#else
    pass_on(row, unit, count, load_h(at));
#endif
    return;
  }
  var sum = load_projected(at) + sums.s0;
#if HAS_BIAS_HH
  sum += load_bias_hh(unit);
#endif
  let state = activation(sum);
  store_h(after, count, state);
#if HAS_MASKED
  let seen = state * recurrent_factors(i);
  store_masked(after, count, seen);
  pass_on(row, unit, count, seen);
#else
  pass_on(row, unit, count, state);
#endif
#if OUTPUT_DROP
  store_y(at, count, state * output_factors(at));
#else
  store_y(at, count, state);
#endif
}
