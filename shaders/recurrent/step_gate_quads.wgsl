// The body of one time step with several gates in quads: four invocations exchange what they load
// of the weights (lib/quad.wgsl), for software adapters. finish_four(row, unit, sums), sums as
// in gate_sums.wgsl: one invocation has all gates of a unit
// What the including kernel binds
// Invocation i of workgroup (x, y) owns rows 4·(4y+i) … +3, all gates of units 16x … 16x+15.
// See the including kernel.

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
  // A loop, since sixteen copies of a cell's epilogue take seconds to compile.
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
