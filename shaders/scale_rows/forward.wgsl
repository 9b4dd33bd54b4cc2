// Multiplies every row of a matrix by its own number, such as a mask of rows.
// Computes: y[r,c] = scale[r] · x[r,c]; 0 where scale[r] is 0, even if x is NaN or infinite
// Bindings:
//   x: [R,C], or dy in backward
//   scale: [R]
//   y: [R,C], or dx in backward
// Owner: invocation i owns y[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * C) { return; }
  let factor = scale[i / C];
  y[i] = select(0.0, factor * x[i], factor != 0.0);
}
