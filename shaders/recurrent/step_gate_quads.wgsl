// One time step of a cell with several gates, computed by quads, for software adapters: four
// invocations exchange the weights that they load (lib/quad.wgsl). One invocation gets the sums of all
// gates of a unit, and passes them to finish_four(row, unit, sums).
// Owner: invocation i of workgroup (x, y) owns rows 4·(4y+i) … +3, all gates of units 16x … 16x+15

fn compute_quad(group: vec3<u32>, index: u32) {
  let row = 4u * (4u * group.y + index);
  let unit = 16u * group.x + 4u * index;
  let units = quad_columns(unit);
#if DIAGONAL
  let t = quad_product(row, unit, first_part_of(group.z), end_part_of(group.z));
#else
  let t = quad_product(row, unit);
#endif
  var blocks = tile_blocks(t);
  // A loop, because sixteen copies of a cell's epilogue take seconds to compile.
  for (var i = 0u; i < 16u; i++) {
    finish_four(row + i % 4u, units[i / 4u], sums_of(blocks[i / 4u], i % 4u));
  }
}

#if !DIAGONAL
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  compute_quad(group, index);
}
#endif
