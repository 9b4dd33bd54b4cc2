// Gradient of the logistic function, from its result.
// Computes: dx = y · (1 - y) · dy
// Bindings: y [E], dy [E], dx [E]
// Owner: invocation i owns the value dx[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  var gradient = y[i] * (1.0 - y[i]) * dy[i];
#if ADD_DX
  gradient += dx[i];
#endif
  dx[i] = gradient;
}
