// Scales every row of a matrix by a number of its own: masks, and states that start anew.
// y[r,c] = scale[r] · x[r,c], and 0 where scale[r] is 0, whatever x holds
// x [R,C], scale [R], y [R,C]; in backward dy and dx take the places of x and y
// Invocation i owns y[i].
// Runs after whatever wrote x and scale.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * C) { return; }
  let factor = scale[i / C];
  y[i] = select(0.0, factor * x[i], factor != 0.0);
}
