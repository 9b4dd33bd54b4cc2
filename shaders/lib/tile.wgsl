// One register tile of a matrix product: TILE_ROWS x TILE_COLUMNS elements of c, summed over BLOCKS
// steps of four along K. The including kernel defines, for blocks of 4 rows or columns by 4 values
// of k,
//   fn block_a(row: u32, k: u32) -> mat4x4<f32>      [i][j] is a[row+i, k+j], and 0 where k+j is past the end
//   fn block_b(k: u32, column: u32) -> mat4x4<f32>   [j][i] is b[k+j, column+i], any finite value where k+j is past the end
// the flags ROWS_8, ROWS_16, COLUMNS_8, COLUMNS_12, COLUMNS_16, and COLUMN_STEP: from a block's
// first column to the next block's, 4 where columns are neighbours, H where the blocks are the
// gates of the same four units. A matrix holds one row of the block in each of its columns, so the
// product of two blocks a·b is written b * a. The sums are named, not indexed: indexed private
// arrays end up in memory.

struct Tile {
  c00: mat4x4<f32>,
#if COLUMNS_8
  c01: mat4x4<f32>,
#endif
#if COLUMNS_12
  c02: mat4x4<f32>,
#endif
#if COLUMNS_16
  c03: mat4x4<f32>,
#endif
#if ROWS_8
  c10: mat4x4<f32>,
#if COLUMNS_8
  c11: mat4x4<f32>,
#endif
#if COLUMNS_12
  c12: mat4x4<f32>,
#endif
#if COLUMNS_16
  c13: mat4x4<f32>,
#endif
#endif
#if ROWS_16
  c20: mat4x4<f32>,
  c30: mat4x4<f32>,
#if COLUMNS_8
  c21: mat4x4<f32>,
  c31: mat4x4<f32>,
#endif
#if COLUMNS_12
  c22: mat4x4<f32>,
  c32: mat4x4<f32>,
#endif
#if COLUMNS_16
  c23: mat4x4<f32>,
  c33: mat4x4<f32>,
#endif
#endif
}

// The tile with its upper left corner at (row, column); `first` is the first value of k, a multiple
// of four.
fn tile_product(row: u32, column: u32, first: u32) -> Tile {
  var t: Tile;
  for (var step = 0u; step < BLOCKS; step++) {
    let k = first + 4u * step;
    let a0 = block_a(row, k);
#if ROWS_8
    let a1 = block_a(row + 4u, k);
#endif
#if ROWS_16
    let a2 = block_a(row + 8u, k);
    let a3 = block_a(row + 12u, k);
#endif
    let b0 = block_b(k, column);
    t.c00 += b0 * a0;
#if ROWS_8
    t.c10 += b0 * a1;
#endif
#if ROWS_16
    t.c20 += b0 * a2;
    t.c30 += b0 * a3;
#endif
#if COLUMNS_8
    let b1 = block_b(k, column + COLUMN_STEP);
    t.c01 += b1 * a0;
#if ROWS_8
    t.c11 += b1 * a1;
#endif
#if ROWS_16
    t.c21 += b1 * a2;
    t.c31 += b1 * a3;
#endif
#endif
#if COLUMNS_12
    let b2 = block_b(k, column + 2u * COLUMN_STEP);
    t.c02 += b2 * a0;
#if ROWS_8
    t.c12 += b2 * a1;
#endif
#if ROWS_16
    t.c22 += b2 * a2;
    t.c32 += b2 * a3;
#endif
#endif
#if COLUMNS_16
    let b3 = block_b(k, column + 3u * COLUMN_STEP);
    t.c03 += b3 * a0;
#if ROWS_8
    t.c13 += b3 * a1;
#endif
#if ROWS_16
    t.c23 += b3 * a2;
    t.c33 += b3 * a3;
#endif
#endif
  }
  return t;
}
