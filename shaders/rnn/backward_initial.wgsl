// Gradient of the initial state, or of the learned one that rows with keep = 0 start from: the
// recurrent product of the first step's gradients.
// Computes:
//   g[n,k] = recurrent mask·Σ_j da[first step,n,j]·weight_hh[j,k]
//   dh0 = keep·g
//   dh0_learned[k] = Σ_n [keep[n] = 0]·g[n,k]
// Bindings: weight_hh [H,H], da [T,N,H], keep [N] or absent, dh0 [N,H] or dh0_learned [H], lengths [N]
//   or absent, key [2] or absent
// After: the last backward step
// recurrent/initial.wgsl follows this source.

fn gradient_of(n: u32, k: u32) -> f32 {
  var sum = 0.0;
  let base = (first_step(n) * N + n) * H;
  for (var j = 0u; j < H; j++) { sum += operand1(da[base + j]) * operand1(weight_hh[j * H + k]); }
#if RECURRENT_DROP
  sum *= recurrent_factors(n * H + k).x;
#endif
  return sum;
}
