// Sum of two tensors, element by element.
// Computes: y = a + b
// Bindings: a [E], b [E], y [E]
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  y[i] = a[i] + b[i];
}
