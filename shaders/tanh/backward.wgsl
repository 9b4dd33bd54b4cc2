// Gradient of the hyperbolic tangent, from its result.
// dx = (1 - y²) · dy
// y [E], dy [E], dx [E]
// Invocation i owns dx[i].
// Runs after forward, and after dy is complete.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= E) { return; }
  dx[i] = (1.0 - y[i] * y[i]) * dy[i];
}
