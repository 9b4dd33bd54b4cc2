// Writes the initial state into the row of the states that the first step reads.
// Computes:
//   states[FIRST_ROW,n] = keep[n]·h0[n] where keep[n] is not 0 or not bound, else h0_learned or 0
//   the same of c0 in the rows of c, which follow the T+1 rows of h
//   masked[FIRST_ROW] = recurrent mask ⊙ h
// Bindings: h0 [N,H], c0 [N,H] (LSTM), keep [N] or absent, h0_learned, c0_learned [H] or absent,
//   states [T+1,N,H] or [2T+2,N,H] (LSTM), masked [T+1,N,H] or absent, key [2] or absent
// Owner: invocation i owns element i of a state
// After: the window before, whose final states h0 and c0 may be

fn begin(i: u32, carried: f32, fresh: f32) -> f32 {
#if HAS_KEEP
  let share = keep[i / H];
  return select(fresh, carried * share, share != 0.0);
#else
  return carried;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let at = FIRST_ROW * N * H + i;
  var fresh = 0.0;
#if HAS_H0_LEARNED
  fresh = h0_learned[i % H];
#endif
  let h = begin(i, h0[i], fresh);
  states[at] = h;
#if HAS_C0
  var c_fresh = 0.0;
#if HAS_C0_LEARNED
  c_fresh = c0_learned[i % H];
#endif
  states[(T + 1u) * N * H + at] = begin(i, c0[i], c_fresh);
#endif
#if HAS_MASKED
  masked[at] = recurrent_factors(i).x * h;
#endif
}
