// Gradient of the initial state, and of what rows that start anew have learned: the recurrent
// product of one step before the first.
// g[n,k] = p[n,k] + recurrent mask·Σ_{j<INNER} s[first step,n,j]·weight_hh[j,k];  dh0 = keep·g;  dh0_learned[k] = Σ_n [keep[n] = 0]·g[n,k]
// weight_hh [3H,H], s [T,N,3H], recurrent: 3·T·N·H elements, then p [N,H]; keep, lengths [N], key
// [2] (optional), dh0 [N,H] or dh0_learned [H] Runs after the last backward step. With
// recurrent/initial.wgsl.

fn gradient_of(n: u32, k: u32) -> f32 {
  var sum = 0.0;
  let base = (first_step(n) * N + n) * 3u * H;
  for (var j = 0u; j < INNER; j++) { sum += s[base + j] * weight_hh[j * H + k]; }
#if RECURRENT_DROP
  sum *= recurrent_factors(n * H + k).x;
#endif
  return sum + recurrent[(3u * T * N + n) * H + k];
}
