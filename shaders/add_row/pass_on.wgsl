// Gradient of rows to which a row was added: it passes unchanged.
// dx = dy
// dy [R,C], dx [R,C]
// Invocation i owns the value dx[i / COLUMNS, i % COLUMNS]; a value is four columns or one.
// Runs after dy is complete.

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
