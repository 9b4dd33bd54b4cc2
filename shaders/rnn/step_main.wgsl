// The body of one tiled time step: a register tile of the recurrent product, then the epilogue on each row of four.
// finish_four(row, column, sum) for every four columns of every row of the tile
// What the including kernel binds
// Invocation (x, y, slice) sums its share of k for tile (y, x); slice 0 finishes the tile.
// See the including kernel.

fn finish_row(row: u32, column: u32, part: vec4<f32>, slice: u32, index: u32) {
#if SPLIT
  let sum = sum_row_slices(part, index);
  if (slice == 0u) { finish_four(row, column, sum); }
#else
  finish_four(row, column, part);
#endif
}

fn finish_block(row: u32, column: u32, block: mat4x4<f32>, slice: u32, index: u32) {
  finish_row(row, column, block[0], slice, index);
  finish_row(row + 1u, column, block[1], slice, index);
  finish_row(row + 2u, column, block[2], slice, index);
  finish_row(row + 3u, column, block[3], slice, index);
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = id.y * TILE_ROWS;
  let column = id.x * TILE_COLUMNS;
  let slice = id.z;
#if !SPLIT
  if (row >= N || column >= H) { return; }
#endif
#if ONE_ROW
  var t: RowTile;
  if (has_product()) { t = row_product(row, column, slice * (4u * BLOCKS)); }
  finish_row(row, column, t.c0, slice, index);
#if COLUMNS_8
  finish_row(row, column + 4u, t.c1, slice, index);
#endif
#else
  var t: Tile;
  if (has_product()) { t = tile_product(row, column, slice * (4u * BLOCKS)); }
  finish_block(row, column, t.c00, slice, index);
#if COLUMNS_8
  finish_block(row, column + 4u, t.c01, slice, index);
#endif
#if ROWS_8
  finish_block(row + 4u, column, t.c10, slice, index);
#if COLUMNS_8
  finish_block(row + 4u, column + 4u, t.c11, slice, index);
#endif
#endif
#endif
}
