// Rectifier of every element.
// Computes: y = max(x, 0)
// Bindings: x [E], y [E]
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  // max() may turn NaN into 0, which would hide an earlier fault.
  y[i] = select(x[i], Value(), x[i] < Value());
}
