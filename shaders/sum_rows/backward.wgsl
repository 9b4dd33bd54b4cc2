// Gradient of a sum over rows: every row gets the same.
// dx[r,c] = dy[c]
// dy [C], dx [R,C]
// Invocation i owns the value dx[i / COLUMNS, i % COLUMNS]; a value is four columns or one.
// Runs after dy is complete.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * COLUMNS) { return; }
  dx[i] = dy[i % COLUMNS];
}
