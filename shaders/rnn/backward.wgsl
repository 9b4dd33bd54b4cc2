// One time step of back-propagation through the vanilla RNN, simple form.
// da[t,n,k] = (dy[t,n,k] + Σ_j da[t+1,n,j]·weight_hh[j,k]) · f'(h[t+1,n,k]);  at the last step dhn stands for the sum
// weight_hh [H,H], h [T+1,N,H], dy [T,N,H] (optional), dhn [N,H] (optional), da [T,N,H]
// Invocation i owns unit i % H of batch row i / H.
// Runs after the steps after t.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let n = i / H;
  let k = i % H;
  var sum = 0.0;
  if (step.t < T - 1u) {
    let base = ((step.t + 1u) * N + n) * H;
    for (var j = 0u; j < H; j++) { sum += da[base + j] * weight_hh[j * H + k]; }
  }
#if HAS_DHN
  if (step.t == T - 1u) { sum = dhn[i]; }
#endif
#if HAS_DY
  sum += dy[step.t * N * H + i];
#endif
  let state = h[(step.t + 1u) * N * H + i];
#if RELU
  da[step.t * N * H + i] = select(0.0, sum, state > 0.0);
#else
  da[step.t * N * H + i] = sum * (1.0 - state * state);
#endif
}
