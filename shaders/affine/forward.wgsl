// The same line through every element.
// y = SCALE · x + SHIFT
// x [E], y [E]; in backward dy and dx take the places of x and y, and SHIFT is 0
// Invocation i owns the value y[i]: four elements, or one where E is not a multiple of four.
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  var result = f32(SCALE) * x[i] + Value(f32(SHIFT));
#if ADD_Y
  result += y[i];
#endif
  y[i] = result;
}
