// Gradients of the initial states, or of the learned ones that rows with keep = 0 start from: the
// recurrent product of the first step's gradients, and the carry of the first step.
// Computes:
//   g[n,k] = recurrent mask·Σ_j da[first step,n,j]·weight_hh[j,k]
//   dh0 = keep·g, dc0 = keep·carry
//   dh0_learned[k] = Σ_n [keep[n] = 0]·g[n,k], and dc0_learned the same of carry
// Bindings: weight_hh [4H,H], da [T,N,4H], carry [N,H], keep [N] or absent, dh0, dc0 [N,H] or
//   dh0_learned, dc0_learned [H] (one of the two may be absent), lengths [N] or absent, key [2] or
//   absent
// Owner: invocation i owns unit i % H of batch row i / H, or with LEARNED unit i
// After: the last backward step

fn gradient_of(n: u32, k: u32) -> f32 {
  var sum = 0.0;
  let base = (first_step(n) * N + n) * 4u * H;
  for (var j = 0u; j < 4u * H; j++) { sum += operand1(da[base + j]) * operand1(weight_hh[j * H + k]); }
#if RECURRENT_DROP
  sum *= recurrent_factors(n * H + k).x;
#endif
  return sum;
}

fn kept(n: u32) -> f32 {
#if HAS_KEEP
  return keep[n];
#else
  return 1.0;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if LEARNED
  if (i >= H) { return; }
#if HAS_DH0_LEARNED
  var sum = 0.0;
  for (var n = 0u; n < N; n++) {
    if (kept(n) == 0.0) { sum += gradient_of(n, i); }
  }
#if ADD_LEARNED
  sum += dh0_learned[i];
#endif
  dh0_learned[i] = sum;
#endif
#if HAS_DC0_LEARNED
  var cells = 0.0;
  for (var n = 0u; n < N; n++) {
    if (kept(n) == 0.0) { cells += carry[n * H + i]; }
  }
#if ADD_C_LEARNED
  cells += dc0_learned[i];
#endif
  dc0_learned[i] = cells;
#endif
#else
  if (i >= N * H) { return; }
#if HAS_DH0
  dh0[i] = kept(i / H) * gradient_of(i / H, i % H);
#endif
#if HAS_DC0
  dc0[i] = kept(i / H) * carry[i];
#endif
#endif
}
