// Gradient of the rows to which `add_row` added a row.
// Computes: dx = dy
// Bindings: dy [R,C], dx [R,C]
// Owner: invocation i owns the value dx[i / COLUMNS, i % COLUMNS]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * COLUMNS) { return; }
#if ADD_DX
  dx[i] += dy[i];
#else
  dx[i] = dy[i];
#endif
}
