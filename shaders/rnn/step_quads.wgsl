// The body of one time step in quads: four invocations exchange what they load of the weights (lib/tile_quad.wgsl), for software adapters.
// finish_four(row, column, sum) for every four columns of every row of the tile
// What the including kernel binds
// Invocation i of workgroup (x, y) owns rows (4y+i)·TILE_ROWS and on, TILE_COLUMNS of them from x·TILE_COLUMNS.
// See the including kernel.

fn finish_block(row: u32, column: u32, block: mat4x4<f32>) {
  finish_four(row, column, block[0]);
  finish_four(row + 1u, column, block[1]);
  finish_four(row + 2u, column, block[2]);
  finish_four(row + 3u, column, block[3]);
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = (4u * group.y + index) * TILE_ROWS;
  let column = TILE_COLUMNS * group.x + TILE_COLUMNS / 4u * index;
  let columns = quad_columns(column);
  var t: QuadTile;
  if (has_product()) { t = quad_product(row, column); }
  finish_block(row, columns.x, t.c00);
  finish_block(row, columns.y, t.c01);
  finish_block(row, columns.z, t.c02);
  finish_block(row, columns.w, t.c03);
#if ROWS_8
  finish_block(row + 4u, columns.x, t.c10);
  finish_block(row + 4u, columns.y, t.c11);
  finish_block(row + 4u, columns.z, t.c12);
  finish_block(row + 4u, columns.w, t.c13);
#endif
}
