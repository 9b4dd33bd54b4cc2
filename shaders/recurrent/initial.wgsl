// The entry point for the gradient of an initial state. The cell defines gradient_of(row, unit).
// Computes: dh0[n] = keep[n]·gradient_of(n), or with LEARNED dh0_learned = sum of gradient_of(n) over
//   the rows n with keep[n] = 0
// Bindings: keep [N] or absent, dh0 [N,H], or with LEARNED dh0_learned [H]
// Owner: invocation i owns unit i % H of row i / H, or with LEARNED unit i

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
