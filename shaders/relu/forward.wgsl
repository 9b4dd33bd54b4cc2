// Rectifier of every element.
// y = max(x, 0)
// x [E], y [E]
// Invocation i owns the value y[i]: four elements, or one where E is not a multiple of four.
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  // Not max(), which may turn NaN to 0 and so hide a fault upstream.
  y[i] = select(x[i], Value(), x[i] < Value());
}
