// Gradient of the initial state, or of the learned one that rows with keep = 0 start from: what the
// first step of each row passes back.
// Computes: g[n,k] = share[first step,n,k]·dh[first step,n,k];  dh0 = keep·g;  dh0_learned[k] = Σ_n
//   [keep[n] = 0]·g[n,k]
// Bindings:
//   gates: [T,N,G*H]
//   dh: [T,N,H]
//   keep: [N] or absent
//   lengths: [N] or absent
//   dh0: [N,H], or dh0_learned [H]
// After: scan/backward
// recurrent/initial.wgsl follows this source.

fn gradient_of(n: u32, k: u32) -> f32 {
  let place = first_step(n) * N + n;
  return share_of(saved_gates(place * GATES * H + k)) * dh[place * H + k];
}
