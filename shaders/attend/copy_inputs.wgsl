// Copies the projected inputs to the tensor to which contexts are added.
// Computes: inputs = projected
// Bindings: projected [T,N,C], inputs [T,N,C]
// Owner: invocation i owns inputs[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i < T * N * C) { inputs[i] = projected[i]; }
}
