// Sum over rows, one invocation to a column: the simple version.
// y[c] = sum over r of x[r,c]
// x [R,C], y [C]
// Invocation i owns the value y[i]; a value is four columns or one.
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= COLUMNS) { return; }
  var sum = Value();
  for (var r = 0u; r < R; r++) { sum += x[r * COLUMNS + i]; }
#if ADD_Y
  sum += y[i];
#endif
  y[i] = sum;
}
