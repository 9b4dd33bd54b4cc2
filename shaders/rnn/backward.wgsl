// One time step of back-propagation through the vanilla RNN.
// Computes:
//   dh_t[n,k] = output mask·dy[t,n,k] + recurrent mask·Σ_j da[later step,n,j]·weight_hh[j,k]
//               [+ dhn[n,k] at the row's end]
//   da[t] = dh_t ⊙ f'(h_t)
// Bindings: weight_hh [H,H], h [T+1,N,H], dy [T,N,H] or absent, dhn [N,H] or absent, da [T,N,H], dh
//   [T,N,H] or absent, lengths [N] or absent, key [2] or absent
// Owner: finish_four owns four units of one batch row; the body (recurrent/step_*.wgsl) determines
//   which invocation calls it
// After: the steps that forward took after t

fn left_row() -> u32 { return step_after(step.t) * N; }
fn has_product() -> bool { return !is_last(step.t); }
fn load_left(i: u32) -> Value { return da[i]; }

fn finish_four(row: u32, unit: u32, sums: Sums) {
  if (row >= N || unit >= H) { return; }
  let count = H - unit;
  let i = row * H + unit;
  let at = step.t * N * H + i;
  if (is_padding(step.t, row)) {
    store_da(at, count, vec4<f32>());
    pass_on(row, unit, count, vec4<f32>());
#if HAS_DH
    store_dh(at, count, vec4<f32>());
#endif
    return;
  }
  var gradient = sums.s0;
#if RECURRENT_DROP
  gradient *= recurrent_factors(i);
#endif
#if HAS_DHN
  if (is_end(step.t, row)) { gradient += load_dhn(i); }
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
  let state = load_h(row_after(step.t) * N * H + i);
#if RELU
  let before = select(vec4<f32>(), gradient, state > vec4<f32>());
#else
  let before = gradient * (1.0 - state * state);
#endif
  store_da(at, count, before);
  pass_on(row, unit, count, before);
}
