// One time step with one sum for each unit, computed by quads, for software adapters: four invocations
// exchange the weights that they load (lib/quad.wgsl).
// Computes: sums.s0 = Σ_k a[row,k]·b[k,unit … unit+3], for finish_four(row, unit, sums)
// Owner: invocation i of workgroup (x, y) owns TILE_ROWS rows from (4y+i)·TILE_ROWS, and TILE_COLUMNS
//   units from x·TILE_COLUMNS

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
  // A loop, because sixteen or more copies of a cell's epilogue take seconds to compile.
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
