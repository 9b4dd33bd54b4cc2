// Sum over rows, one invocation for each column: the simple version.
// Computes: y[c] = sum over r of x[r,c]
// Bindings: x [R,C], y [C]
// Owner: invocation i owns the value y[i]; a value is four columns or one

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
