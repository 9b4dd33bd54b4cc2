// Adds one tensor into another, such as a second gradient of a tensor with two readers.
// Computes: sum += x
// Bindings: x [E], sum [E]
// Owner: invocation i owns sum[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= E) { return; }
  sum[i] += x[i];
}
