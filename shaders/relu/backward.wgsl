// Gradient of the rectifier, from its result.
// Computes: dx = dy where y > 0, else 0
// Bindings: y [E], dy [E], dx [E]
// Owner: invocation i owns the value dx[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  var gradient = select(Value(), dy[i], y[i] > Value());
#if ADD_DX
  gradient += dx[i];
#endif
  dx[i] = gradient;
}
