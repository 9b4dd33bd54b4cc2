// One time step of the vanilla RNN, simple form: the recurrent product with bias and activation in its epilogue.
// h[t+1,n,j] = f(projected[t,n,j] + bias_hh[j] + Σ_k h[t,n,k]·weight_hh[j,k]);  y[t] = h[t+1];  hn = h[T] at the last step
// projected [T,N,H], weight_hh [H,H], bias_hh [H] (optional), h [T+1,N,H], y [T,N,H], hn [N,H]
// Invocation i owns unit i % H of batch row i / H.
// Runs after begin and after the steps before t.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let n = i / H;
  let j = i % H;
  let base = (step.t * N + n) * H;
  var sum = projected[step.t * N * H + i];
#if HAS_BIAS_HH
  sum += bias_hh[j];
#endif
  for (var k = 0u; k < H; k++) { sum += h[base + k] * weight_hh[j * H + k]; }
#if RELU
  let state = select(sum, 0.0, sum < 0.0); // not max(), which may turn NaN to 0
#else
  let state = tanh_of(sum);
#endif
  h[(step.t + 1u) * N * H + i] = state;
  y[step.t * N * H + i] = state;
  if (step.t == T - 1u) { hn[i] = state; }
}
