// Puts the initial state where the first step reads it: carried, or learned or zero where a batch
// row starts anew.
// states[FIRST_ROW,n] = keep[n] ≠ 0 ? keep[n]·h0[n] : h0_learned or 0;  c likewise behind the T+1 rows of h;  masked = recurrent mask ⊙ h
// h0 [N,H], c0 [N,H] (LSTM), keep [N] (optional), h0_learned, c0_learned [H] (optional), key [2],
// states [T+1 or 2T+2,N,H], masked [T+1,N,H] (optional) Invocation i owns element i of the first
// row.
// Runs first; h0 and c0 may be the final states of the window before.

fn begin(i: u32, carried: f32, anew: f32) -> f32 {
#if HAS_KEEP
  let share = keep[i / H];
  return select(anew, carried * share, share != 0.0);
#else
  return carried;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let at = FIRST_ROW * N * H + i;
  var anew = 0.0;
#if HAS_H0_LEARNED
  anew = h0_learned[i % H];
#endif
  let h = begin(i, h0[i], anew);
  states[at] = h;
#if HAS_C0
  var c_anew = 0.0;
#if HAS_C0_LEARNED
  c_anew = c0_learned[i % H];
#endif
  states[(T + 1u) * N * H + at] = begin(i, c0[i], c_anew);
#endif
#if HAS_MASKED
  masked[at] = recurrent_factors(i).x * h;
#endif
}
