// Gradient of the initial state: the recurrent product of one step before the first.
// dh0[n,k] = keep[n] · Σ_j da[0,n,j]·weight_hh[j,k]
// weight_hh [H,H], da [T,N,H], keep [N] (optional), dh0 [N,H]
// Invocation i owns unit i % H of batch row i / H.
// Runs after the backward step t = 0.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let n = i / H;
  let k = i % H;
  var sum = 0.0;
  for (var j = 0u; j < H; j++) { sum += da[n * H + j] * weight_hh[j * H + k]; }
#if HAS_KEEP
  sum *= keep[n];
#endif
  dh0[i] = sum;
}
