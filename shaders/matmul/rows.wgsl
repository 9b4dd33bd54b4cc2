// Matrix product for few rows: TILE_COLUMNS elements of one row per invocation, K split over SLICES
// invocations.
// c = a·b + bias. Options as in operands.wgsl and result.wgsl
// a [M,K], b [K,P] or [P,K], bias [P], c [M,P]
// Invocation (x, row, slice) sums its share of K for TILE_COLUMNS elements of the row; slice 0 owns
// them.
// Runs after whatever wrote a, b and, where it adds, c.

fn finish_row(row: u32, column: u32, part: vec4<f32>, slice: u32, index: u32) {
#if SPLIT
  let sum = sum_row_slices(part, index);
  if (slice == 0u) { store_row(row, column, sum + load_bias(column)); }
#else
  store_row(row, column, part + load_bias(column));
#endif
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = id.y;
  let column = id.x * TILE_COLUMNS;
  let slice = id.z;
#if !SPLIT
  if (row >= M || column >= P) { return; }
#endif
  let t = row_product(row, column, slice * (4u * BLOCKS));
  finish_row_tile(t, row, column, slice, index);
}
