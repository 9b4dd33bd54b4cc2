// Adds one tensor into another: how gradients of several readers come together.
// sum += x
// x [E], sum [E]
// Invocation i owns sum[i].
// Runs after whatever wrote x and sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= E) { return; }
  sum[i] += x[i];
}
