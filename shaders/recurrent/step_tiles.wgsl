// One tile of a time step: a register tile of the recurrent product, then the cell's epilogue on
// each row of four units. finish_four(row, unit, sums) with sums.s0 = Σ_k a[row,k]·b[k,unit…unit+3]
// What the including kernel binds
// The caller owns the tile from (row, unit) on with its share of k, `slice`; slice 0 finishes it.
// See the including kernel. With SPLIT all invocations of a workgroup come here: there are barriers.

struct Sums { s0: vec4<f32> }

fn finish_row(row: u32, unit: u32, part: vec4<f32>, slice: u32, index: u32) {
#if SPLIT
  let sum = sum_row_slices(part, index);
  if (slice == 0u) { finish_four(row, unit, Sums(sum)); }
#else
  finish_four(row, unit, Sums(part));
#endif
}

#if DIAGONAL
// The loop over the parts of the sums omits the parts that a step does not have.
fn has_sum() -> bool { return true; }
#else
fn has_sum() -> bool { return has_product(); }
#endif

fn compute_tile(row: u32, unit: u32, slice: u32, index: u32) {
#if ONE_ROW
  var t: RowTile;
  if (has_sum()) { t = row_product(row, unit, slice * (4u * BLOCKS)); }
  finish_row_tile(t, row, unit, slice, index);
#else
  var t: Tile;
  if (has_sum()) { t = tile_product(row, unit, slice * (4u * BLOCKS)); }
  var blocks = tile_blocks(t);
  // A loop, since copies of a cell's epilogue take long to compile.
  const ACROSS = TILE_COLUMNS / 4u;
  for (var i = 0u; i < ACROSS * TILE_ROWS; i++) {
    let block = i / 4u;
    finish_row(row + block / ACROSS * 4u + i % 4u, unit + block % ACROSS * 4u, blocks[block][i % 4u], slice, index);
  }
#endif
}
