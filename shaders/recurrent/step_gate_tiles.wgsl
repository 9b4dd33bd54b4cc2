// One tile of a time step of a cell with several gates. The column blocks of the register tile are the
// gates of the same four units, so one invocation gets the sums of all gates of a unit, and passes
// them to finish_four(row, unit, sums).
// Owner: the caller owns TILE_ROWS rows of units unit … unit+3, with its share of k, `slice`; slice 0
//   stores the results
// With SPLIT there are barriers, so all invocations of a workgroup must call compute_tile.

fn finish_row(row: u32, unit: u32, part: Sums, slice: u32, index: u32) {
#if SPLIT
  var sums: Sums;
  sums.s0 = sum_row_slices(part.s0, index);
  sums.s1 = sum_row_slices(part.s1, index);
  sums.s2 = sum_row_slices(part.s2, index);
#if PRODUCTS_4
  sums.s3 = sum_row_slices(part.s3, index);
#endif
  if (slice == 0u) { finish_four(row, unit, sums); }
#else
  finish_four(row, unit, part);
#endif
}

fn compute_tile(row: u32, unit: u32, slice: u32, index: u32) {
  let first = slice * (4u * BLOCKS);
#if ONE_ROW
  let t = row_product(row, unit, first);
  finish_row(row, unit, row_sums_of(t), slice, index);
#else
  let t = tile_product(row, unit, first);
  var blocks = tile_blocks(t);
  // A loop, because copies of a cell's epilogue take long to compile.
  for (var i = 0u; i < TILE_ROWS; i++) { finish_row(row + i, unit, sums_of(blocks[i / 4u], i % 4u), slice, index); }
#endif
}
