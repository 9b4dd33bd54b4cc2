// One tile of a time step with several gates: a register tile whose column blocks are the gates of
// the same four units, then the epilogue. finish_four(row, unit, sums), sums as in gate_sums.wgsl:
// one invocation has all gates of a unit, so that nothing needs to be exchanged
// What the including kernel binds
// The caller owns TILE_ROWS rows of units unit … unit+3 with its share of k, `slice`; slice 0
// finishes them.
// See the including kernel. With SPLIT all invocations of a workgroup come here: there are barriers.

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
  // A loop, since copies of a cell's epilogue take long to compile.
  for (var i = 0u; i < TILE_ROWS; i++) { finish_row(row + i, unit, sums_of(blocks[i / 4u], i % 4u), slice, index); }
#endif
}
