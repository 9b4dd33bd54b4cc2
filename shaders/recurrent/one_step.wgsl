// The entry point of one time step in register tiles.
// Owner: invocation (x, y, slice) sums its share of k for TILE_ROWS rows of TILE_UNITS units; slice 0
//   stores the results
// step_tiles.wgsl or step_gate_tiles.wgsl defines compute_tile.

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = id.y * TILE_ROWS;
  let unit = id.x * TILE_UNITS;
#if !SPLIT
  if (row >= N || unit >= H) { return; }
#endif
  compute_tile(row, unit, id.z, index);
}
