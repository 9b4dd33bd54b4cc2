// Matrix product in register tiles of TILE_ROWS by TILE_COLUMNS. If there are few tiles, SLICES
// invocations share the sum over K.
// Computes: c = a·b + bias;  row_sums = sums of a over K
// Bindings: a [M,K] or [K,M], b [K,P] or [P,K], bias [P], c [M,P], row_sums [M]; the options are those
//   of operands.wgsl and result.wgsl
// Owner: invocation (x, y, slice) adds up its share of K for tile (y, x); slice 0 stores the tile, and
//   with x = 0 its row_sums
// ALONE: invocations share neither a sum nor loads.
// After: the launches that write a and b, and c and row_sums if they are added to

fn finish_block(row: u32, column: u32, part: mat4x4<f32>, slice: u32, index: u32) {
#if SPLIT
  let block = sum_slices(part, index);
  if (slice == 0u) { store_block(row, column, block); }
#else
  store_block(row, column, part);
#endif
}

#if HAS_ROW_SUMS
fn finish_row_sums(row: u32, column: u32, first: u32, slice: u32, index: u32) {
  var sums = vec4<f32>();
  if (column == 0u) {
    for (var step = 0u; step < BLOCKS; step++) {
      sums += vec4<f32>(1.0) * block_a(row, first + 4u * step);
    }
  }
#if SPLIT
  sums = sum_row_slices(sums, index);
#endif
  if (column == 0u && slice == 0u) { store_row_sums(row, sums); }
}
#endif

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = id.y * TILE_ROWS;
  let column = id.x * TILE_COLUMNS;
  let slice = id.z;
  let first = slice * (4u * BLOCKS);
#if ALONE
  if (row >= M || column >= P) { return; }
#endif
  let t = tile_product(row, column, first);
  finish_tile(t, row, column, slice, index);
#if HAS_ROW_SUMS
  for (var i = 0u; i < TILE_ROWS; i += 4u) { finish_row_sums(row + i, column, first, slice, index); }
#endif
}
