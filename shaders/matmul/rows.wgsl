// Matrix product for few rows: an invocation computes TILE_COLUMNS elements of one row, and SLICES
// invocations share the sum over K.
// Computes: c = a·b + bias
// Bindings: a [M,K], b [K,P] or [P,K], bias [P], c [M,P]; the options are those of operands.wgsl and
//   result.wgsl
// Owner: invocation (x, row, slice) adds up its share of K; slice 0 stores the elements
// After: the launches that write a and b, and c if it is added to

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
