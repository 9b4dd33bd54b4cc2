// The gradient that arrives at the state of a step, for both places of the GRU's reset gate.
// Computes: dh_t = output mask·dy[t] + recurrent mask·Σ + p
//   Σ: the recurrent product of the step that forward took next; none with LAST
//   p: the gradient that passed the gates of that step; dhn in the step that forward took last
// Bindings: dy [T,N,H] or absent, dhn [N,H] or absent, gates r z n q [T,N,4H], h [T+1,N,H], recurrent:
//   3·T·N·H elements, then p [N,H]; dh [T,N,H] or absent. A launch binds dhn only if it has the step
//   that forward took last
// Owner: functions of one invocation for units unit … unit+3 of a batch row; no other invocation uses
//   these elements of p, and padded steps leave them unchanged

fn place_of_past(row: u32, unit: u32) -> u32 { return (3u * T * N + row) * H + unit; }

fn load_first_past(row: u32, unit: u32) -> vec4<f32> {
#if HAS_DHN
  return load_dhn(row * H + unit);
#else
  return vec4<f32>();
#endif
}

fn load_past(row: u32, unit: u32) -> vec4<f32> {
  if (is_last(step.t)) { return load_first_past(row, unit); }
  return load_recurrent(place_of_past(row, unit));
}

fn finish_padding(row: u32, unit: u32) {
  let count = H - unit;
  let a = (step.t * N + row) * 3u * H + unit;
  let zero = vec4<f32>();
  store_da(a, count, zero);
  store_da(a + H, count, zero);
  store_da(a + 2u * H, count, zero);
  if (is_last(step.t)) { store_recurrent(place_of_past(row, unit), count, load_first_past(row, unit)); }
#if HAS_DH
  store_dh((step.t * N + row) * H + unit, count, zero);
#endif
}

// dh_t, from the later step's part of the recurrent product.
fn arriving(row: u32, unit: u32, sum: vec4<f32>) -> vec4<f32> {
  let at = (step.t * N + row) * H + unit;
  var gradient = load_past(row, unit);
#if !LAST
#if RECURRENT_DROP
  gradient += sum * recurrent_factors(row * H + unit);
#else
  gradient += sum;
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
  store_dh(at, H - unit, gradient);
#endif
  return gradient;
}
