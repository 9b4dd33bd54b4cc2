// The entry point of the gradient of an initial state, around a cell's gradient_of(row, unit).
// Invocation i owns unit i % H of batch row i / H; with LEARNED unit i of all rows that start anew.
// keep [N] (optional), dh0 [N,H] or dh0_learned [H]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if LEARNED
  if (i >= H) { return; }
  var sum = 0.0;
#if HAS_KEEP
  for (var n = 0u; n < N; n++) {
    if (keep[n] == 0.0) { sum += gradient_of(n, i); }
  }
#endif
#if ADD_LEARNED
  sum += dh0_learned[i];
#endif
  dh0_learned[i] = sum;
#else
  if (i >= N * H) { return; }
  let sum = gradient_of(i / H, i % H);
#if HAS_KEEP
  dh0[i] = sum * keep[i / H];
#else
  dh0[i] = sum;
#endif
#endif
}
