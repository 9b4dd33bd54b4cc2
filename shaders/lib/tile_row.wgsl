// One row of a matrix product: TILE_COLUMNS elements of c, summed over BLOCKS steps of four along
// K.
// The including kernel defines block_b as for tile.wgsl, the flags COLUMNS_8, COLUMNS_12 and
// COLUMNS_16, COLUMN_STEP, and
//   fn row_a(row: u32, k: u32) -> vec4<f32>          [j] is a[row, k+j], and 0 where k+j is past the end

struct RowTile {
  c0: vec4<f32>,
#if COLUMNS_8
  c1: vec4<f32>,
#endif
#if COLUMNS_12
  c2: vec4<f32>,
#endif
#if COLUMNS_16
  c3: vec4<f32>,
#endif
}

// The TILE_COLUMNS elements from (row, column); `first` is the first value of k, a multiple of
// four.
fn row_product(row: u32, column: u32, first: u32) -> RowTile {
  var t: RowTile;
  for (var step = 0u; step < BLOCKS; step++) {
    let k = first + 4u * step;
    let a0 = row_a(row, k);
    t.c0 += block_b(k, column) * a0;
#if COLUMNS_8
    t.c1 += block_b(k, column + COLUMN_STEP) * a0;
#endif
#if COLUMNS_12
    t.c2 += block_b(k, column + 2u * COLUMN_STEP) * a0;
#endif
#if COLUMNS_16
    t.c3 += block_b(k, column + 3u * COLUMN_STEP) * a0;
#endif
  }
  return t;
}
