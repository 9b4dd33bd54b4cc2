// The same linear function of every element.
// Computes: y = SCALE · x + SHIFT
// Bindings:
//   x: [E], or dy in backward
//   y: [E], or dx in backward, where SHIFT is 0
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

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
