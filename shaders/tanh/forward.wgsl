// Hyperbolic tangent of every element.
// y = tanh(x)
// x [E], y [E]
// Invocation i owns y[i].
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= E) { return; }
  y[i] = tanh_of(x[i]);
}
