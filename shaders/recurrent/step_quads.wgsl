// The body of one time step in quads: four invocations exchange what they load of the weights (lib/tile_quad.wgsl), for software adapters.
// finish_four(row, unit, sums) with sums.s0 = Σ_k a[row,k]·b[k,unit…unit+3]
// What the including kernel binds
// Invocation i of workgroup (x, y) owns rows (4y+i)·TILE_ROWS and on, TILE_COLUMNS of them from x·TILE_COLUMNS.
// See the including kernel.

struct Sums { s0: vec4<f32> }

fn finish_block(row: u32, unit: u32, block: mat4x4<f32>) {
  finish_four(row, unit, Sums(block[0]));
  finish_four(row + 1u, unit, Sums(block[1]));
  finish_four(row + 2u, unit, Sums(block[2]));
  finish_four(row + 3u, unit, Sums(block[3]));
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = (4u * group.y + index) * TILE_ROWS;
  let unit = TILE_COLUMNS * group.x + TILE_COLUMNS / 4u * index;
  let units = quad_columns(unit);
  var t: QuadTile;
  if (has_product()) { t = quad_product(row, unit); }
  finish_block(row, units.x, t.c00);
  finish_block(row, units.y, t.c01);
  finish_block(row, units.z, t.c02);
  finish_block(row, units.w, t.c03);
#if ROWS_8
  finish_block(row + 4u, units.x, t.c10);
  finish_block(row + 4u, units.y, t.c11);
  finish_block(row + 4u, units.z, t.c12);
  finish_block(row + 4u, units.w, t.c13);
#endif
}
