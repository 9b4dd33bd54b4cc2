// Sets every element to the same number.
// Computes: y = FILL
// Bindings: y [E]
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  y[i] = Value(f32(FILL));
}
