// One tile of a time step with one sum for each unit.
// Computes: sums.s0 = Σ_k a[row,k]·b[k,unit … unit+3], for finish_four(row, unit, sums)
// Owner: the caller owns the tile at (row, unit), with its share of k, `slice`; slice 0 stores the
//   results
// With SPLIT there are barriers, so all invocations of a workgroup must call compute_tile.

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
  // A loop, because copies of a cell's epilogue take long to compile.
  const ACROSS = TILE_COLUMNS / 4u;
  for (var i = 0u; i < ACROSS * TILE_ROWS; i++) {
    let block = i / 4u;
    finish_row(row + block / ACROSS * 4u + i % 4u, unit + block % ACROSS * 4u, blocks[block][i % 4u], slice, index);
  }
#endif
}
