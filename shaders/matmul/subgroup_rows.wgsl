// Matrix product for few rows: TILE_COLUMNS elements of one row per workgroup, whose SLICES
// invocations share the sum over K and add their parts up by subgroups.
// Computes: c = a·b + bias. Options as in operands.wgsl and result.wgsl
// Bindings: a [M,K], b [K,P] or [P,K], bias [P], c [M,P]
// Owner: workgroup (x, row) owns the elements; invocation i sums values 4·(i + SLICES·step) … +3 of
// k.
// After: whatever wrote a, b and, where it adds, c.

fn finish_row(row: u32, column: u32, part: vec4<f32>, slice: u32, index: u32) {
  let sum = sum_of_all(part, index);
  if (index == 0u) { store_row(row, column, sum + load_bias(column)); }
}

@compute @workgroup_size(SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = group.y;
  let column = group.x * TILE_COLUMNS;
  let t = row_product(row, column, 4u * index);
  finish_row_tile(t, row, column, index, index);
}
