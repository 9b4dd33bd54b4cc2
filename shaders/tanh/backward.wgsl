// Gradient of the hyperbolic tangent, from its result.
// Computes: dx = (1 - y²) · dy
// Bindings: y [E], dy [E], dx [E]
// Owner: invocation i owns the value dx[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  var gradient = (1.0 - y[i] * y[i]) * dy[i];
#if ADD_DX
  gradient += dx[i];
#endif
  dx[i] = gradient;
}
