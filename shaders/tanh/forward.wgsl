// Hyperbolic tangent of every element.
// Computes: y = tanh(x)
// Bindings: x [E], y [E]
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
#if VEC4
  y[i] = tanh_of4(x[i]);
#else
  y[i] = tanh_of(x[i]);
#endif
}
