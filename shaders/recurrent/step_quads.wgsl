// The body of one time step in quads: four invocations exchange what they load of the weights
// (lib/quad.wgsl), for software adapters. finish_four(row, unit, sums) with sums.s0 = Σ_k
// a[row,k]·b[k,unit…unit+3]
// What the including kernel binds
// Invocation i of workgroup (x, y) owns rows (4y+i)·TILE_ROWS and on, TILE_COLUMNS of them from
// x·TILE_COLUMNS.
// See the including kernel.

struct Sums { s0: vec4<f32> }

fn compute_quad(group: vec3<u32>, index: u32) {
  let row = (4u * group.y + index) * TILE_ROWS;
  let unit = TILE_COLUMNS * group.x + TILE_COLUMNS / 4u * index;
  let units = quad_columns(unit);
  var t: QuadTile;
#if DIAGONAL
  t = quad_product(row, unit, first_part_of(group.z), end_part_of(group.z));
#else
  if (has_product()) { t = quad_product(row, unit); }
#endif
  var blocks = tile_blocks(t);
  // A loop, since sixteen or more copies of a cell's epilogue take seconds to compile.
  for (var i = 0u; i < 4u * TILE_ROWS; i++) {
    finish_four(row + i / 16u * 4u + i % 4u, units[i / 4u % 4u], Sums(blocks[i / 4u][i % 4u]));
  }
}

#if !DIAGONAL
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  compute_quad(group, index);
}
#endif
