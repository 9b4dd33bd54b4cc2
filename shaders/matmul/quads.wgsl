// Matrix product in register tiles of four invocations that exchange what they load. On software
// adapters, whose loads are slow, a workgroup has four invocations; with MANY_QUADS it has more.
// Computes: c = a·b + bias;  row_sums = sums of a over K
// Bindings: a [M,K] or [K,M], b [K,P] or [P,K], bias [P], c [M,P], row_sums [M]; the options are those
//   of operands.wgsl and result.wgsl
// Owner: invocation i of quad (x, y) owns TILE_ROWS rows from (4y + i)·TILE_ROWS on, and of them
//   TILE_COLUMNS columns from x·TILE_COLUMNS on; with x = 0 also their row_sums
// After: the launches that write a and b, and c and row_sums if they are added to

#if HAS_ROW_SUMS
fn finish_row_sums(row: u32) {
  var sums = vec4<f32>();
  for (var step = 0u; step < BLOCKS; step++) {
    sums += vec4<f32>(1.0) * block_a(row, 4u * step);
  }
  store_row_sums(row, sums);
}
#endif

fn store_blocks(row: u32, columns: vec4<u32>, m0: mat4x4<f32>, m1: mat4x4<f32>, m2: mat4x4<f32>, m3: mat4x4<f32>) {
  store_block(row, columns.x, m0);
  store_block(row, columns.y, m1);
  store_block(row, columns.z, m2);
  store_block(row, columns.w, m3);
}

#if MANY_QUADS
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = subgroup_lane(local);
  let quad = lane / 4u;
  let index = lane % 4u;
  let quad_x = group.x * WORKGROUP_X + quad % WORKGROUP_X;
  let quad_y = group.y * WORKGROUP_Y / 4u + quad / WORKGROUP_X;
#else
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let quad_x = group.x;
  let quad_y = group.y;
#endif
  let row = (4u * quad_y + index) * TILE_ROWS;
  let column = TILE_COLUMNS * quad_x + TILE_COLUMNS / 4u * index;
  let t = quad_product(row, column);
  finish_quad_tile(t, row, quad_columns(column));
#if HAS_ROW_SUMS
  if (quad_x == 0u) {
    for (var i = 0u; i < TILE_ROWS; i += 4u) { finish_row_sums(row + i); }
  }
#endif
}
