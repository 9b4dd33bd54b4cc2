// Copies the final states, so that the next window can begin with them.
// Computes: hn = row T of h, cn = row T of c
// Bindings: states [T+1,N,H] or [2T+2,N,H] (LSTM), hn [N,H], cn [N,H] (LSTM)
// Owner: invocation i owns element i of a state
// After: all steps

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  hn[i] = states[T * N * H + i];
#if HAS_CN
  cn[i] = states[(2u * T + 1u) * N * H + i];
#endif
}
