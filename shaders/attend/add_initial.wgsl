// Adds attention's part to the gradient of the initial state.
// Computes: dh0 += dstate[T]
// Bindings: dstate [T+1,N,H], dh0 [N,H]
// Owner: invocation i owns dh0[i]
// After: the launch with the cell's part of dh0, and the backward step of attention at t = 0

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i < N * H) { dh0[i] += dstate[T * N * H + i]; }
}
