// What a forward step of the GRU writes once z and n are known, or at a padded step.
// Computes:
//   h_t = (1−z) ⊙ n + z ⊙ h_{t−1}
//   y[t] = output mask ⊙ h_t
//   masked = recurrent mask ⊙ h_t
//   at padding: y[t] = 0, gates = 0, h_t = h_{t−1}
// Bindings: h [T+1,N,H], masked [T+1,N,H] or absent, gates [T,N,4H], y [T,N,H]
// Owner: functions of one invocation for units unit … unit+3 of a batch row

fn biases(i: u32) -> vec4<f32> {
#if HAS_BIAS_HH
  return load_bias_hh(i);
#else
  return vec4<f32>();
#endif
}

fn finish_padding(row: u32, unit: u32) {
  let count = H - unit;
  let at = (step.t * N + row) * H + unit;
  let after = (row_after(step.t) * N + row) * H + unit;
  let g = (step.t * N + row) * 4u * H + unit;
  let zero = vec4<f32>();
  store_h(after, count, load_h(at));
  store_y(at, count, zero);
  store_gates(g, count, zero);
  store_gates(g + H, count, zero);
  store_gates(g + 2u * H, count, zero);
  store_gates(g + 3u * H, count, zero);
#if HAS_MASKED
  store_masked(after, count, load_masked(at));
  pass_on(row, unit, count, load_masked(at));
#else
  pass_on(row, unit, count, load_h(at));
#endif
}

fn finish_state(row: u32, unit: u32, z: vec4<f32>, n: vec4<f32>) {
  let count = H - unit;
  let at = (step.t * N + row) * H + unit;
  let after = (row_after(step.t) * N + row) * H + unit;
  let state = (1.0 - z) * n + z * load_h(at);
  store_h(after, count, state);
#if HAS_MASKED
  let seen_next = state * recurrent_factors(row * H + unit);
  store_masked(after, count, seen_next);
  pass_on(row, unit, count, seen_next);
#else
  pass_on(row, unit, count, state);
#endif
#if OUTPUT_DROP
  store_y(at, count, state * output_factors(at));
#else
  store_y(at, count, state);
#endif
}
