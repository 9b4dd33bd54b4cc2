// The body of one tiled time step with several gates: a register tile whose column blocks are the gates of the same four units, then the epilogue.
// finish_four(row, unit, sums), sums as in gate_sums.wgsl: one invocation has all gates of a unit, so that nothing needs to be exchanged
// What the including kernel binds
// Invocation (x, y, slice) sums its share of k for TILE_ROWS rows of units 4x … 4x+3; slice 0 finishes them.
// See the including kernel.

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

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = id.y * TILE_ROWS;
  let unit = id.x * 4u;
  let slice = id.z;
  let first = slice * (4u * BLOCKS);
#if !SPLIT
  if (row >= N || unit >= H) { return; }
#endif
#if ONE_ROW
  let t = row_product(row, unit, first);
#if PRODUCTS_4
  finish_row(row, unit, Sums(t.c0, t.c1, t.c2, t.c3), slice, index);
#else
  finish_row(row, unit, Sums(t.c0, t.c1, t.c2), slice, index);
#endif
#else
  let t = tile_product(row, unit, first);
#if PRODUCTS_4
  finish_row(row, unit, Sums(t.c00[0], t.c01[0], t.c02[0], t.c03[0]), slice, index);
  finish_row(row + 1u, unit, Sums(t.c00[1], t.c01[1], t.c02[1], t.c03[1]), slice, index);
  finish_row(row + 2u, unit, Sums(t.c00[2], t.c01[2], t.c02[2], t.c03[2]), slice, index);
  finish_row(row + 3u, unit, Sums(t.c00[3], t.c01[3], t.c02[3], t.c03[3]), slice, index);
#if ROWS_8
  finish_row(row + 4u, unit, Sums(t.c10[0], t.c11[0], t.c12[0], t.c13[0]), slice, index);
  finish_row(row + 5u, unit, Sums(t.c10[1], t.c11[1], t.c12[1], t.c13[1]), slice, index);
  finish_row(row + 6u, unit, Sums(t.c10[2], t.c11[2], t.c12[2], t.c13[2]), slice, index);
  finish_row(row + 7u, unit, Sums(t.c10[3], t.c11[3], t.c12[3], t.c13[3]), slice, index);
#endif
#else
  finish_row(row, unit, Sums(t.c00[0], t.c01[0], t.c02[0]), slice, index);
  finish_row(row + 1u, unit, Sums(t.c00[1], t.c01[1], t.c02[1]), slice, index);
  finish_row(row + 2u, unit, Sums(t.c00[2], t.c01[2], t.c02[2]), slice, index);
  finish_row(row + 3u, unit, Sums(t.c00[3], t.c01[3], t.c02[3]), slice, index);
#if ROWS_8
  finish_row(row + 4u, unit, Sums(t.c10[0], t.c11[0], t.c12[0]), slice, index);
  finish_row(row + 5u, unit, Sums(t.c10[1], t.c11[1], t.c12[1]), slice, index);
  finish_row(row + 6u, unit, Sums(t.c10[2], t.c11[2], t.c12[2]), slice, index);
  finish_row(row + 7u, unit, Sums(t.c10[3], t.c11[3], t.c12[3]), slice, index);
#endif
#endif
#endif
}
