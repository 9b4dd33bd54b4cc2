// Gradient of the initial state, and of what rows that start anew have learned: what the first step of each row carries back.
// g[n,k] = share[first step,n,k]·dh[first step,n,k];  dh0 = keep·g;  dh0_learned[k] = Σ_n [keep[n] = 0]·g[n,k]
// gates [T,N,G*H], dh [T,N,H], keep, lengths [N] (both optional), dh0 [N,H] or dh0_learned [H]
// Invocation i owns unit i % H of batch row i / H; with LEARNED unit i of all rows.
// Runs after scan/backward.

fn gradient_of(n: u32, k: u32) -> f32 {
  let place = first_step(n) * N + n;
  return share_of(saved_gates(place * GATES * H + k)) * dh[place * H + k];
}

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
  let gradient = gradient_of(i / H, i % H);
#if HAS_KEEP
  dh0[i] = gradient * keep[i / H];
#else
  dh0[i] = gradient;
#endif
#endif
}
