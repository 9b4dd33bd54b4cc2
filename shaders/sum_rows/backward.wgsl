// Gradient of a sum over rows: every row gets the same.
// Computes: dx[r,c] = dy[c]
// Bindings: dy [C], dx [R,C]
// Owner: invocation i owns the value dx[i / COLUMNS, i % COLUMNS]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * COLUMNS) { return; }
  dx[i] = dy[i % COLUMNS];
}
