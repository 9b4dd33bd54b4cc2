// Adds the same row to each row.
// Computes: y[r,c] = x[r,c] + b[c]
// Bindings: x [R,C], b [C], y [R,C]
// Owner: invocation i owns the value y[i / COLUMNS, i % COLUMNS]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * COLUMNS) { return; }
  y[i] = x[i] + b[i % COLUMNS];
}
