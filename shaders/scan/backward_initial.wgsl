// Gradient of the initial state, and of what rows that start anew have learned: what the first step
// of each row carries back.
// g[n,k] = share[first step,n,k]·dh[first step,n,k];  dh0 = keep·g;  dh0_learned[k] = Σ_n [keep[n] = 0]·g[n,k]
// gates [T,N,G*H], dh [T,N,H], keep, lengths [N] (both optional), dh0 [N,H] or dh0_learned [H]
// Runs after scan/backward. With recurrent/initial.wgsl.

fn gradient_of(n: u32, k: u32) -> f32 {
  let place = first_step(n) * N + n;
  return share_of(saved_gates(place * GATES * H + k)) * dh[place * H + k];
}
