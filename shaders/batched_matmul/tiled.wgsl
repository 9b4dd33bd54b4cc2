// A matrix product for each batch row (o, n), in register tiles. If there are few tiles, SLICES
// invocations share the sum over K.
// Computes: c[o,·,n,·] = a[o,·,n,·]·b[o,·,n,·], or c += that with ADD_C
// Bindings: a and b as in operands.wgsl, c as in result.wgsl
// Owner: invocation (i, slice) adds up its share of K for tile i; slice 0 stores the tile. With BLOCK,
//   workgroup i owns block i of WORKGROUP_Y by WORKGROUP_X tiles, whose operands it loads together
//   (matmul/panels.wgsl)

fn finish_block(row: u32, column: u32, part: mat4x4<f32>, slice: u32, index: u32) {
#if SPLIT
  let block = sum_slices(part, index);
  if (slice > 0u) { return; }
#else
  let block = part;
#endif
  store_row(row, column, block[0]);
  store_row(row + 1u, column, block[1]);
  store_row(row + 2u, column, block[2]);
  store_row(row + 3u, column, block[3]);
}

#if BLOCK
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) id: vec3<u32>) {
  let i = group.y * GRID_X + group.x;
  let batch = i / (DOWN * ACROSS);
  if (batch >= B * N) { return; }
  batch_outer = batch / N;
  batch_inner = batch % N;
  let row = (i / ACROSS % DOWN * WORKGROUP_Y + id.y) * TILE_ROWS;
  let column = (i % ACROSS * WORKGROUP_X + id.x) * TILE_COLUMNS;
  finish_tile(tile_product(row, column, 0u), row, column, 0u, 0u);
}
#else
@compute @workgroup_size(WORKGROUP, 1, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let place = place_of(linear_index(id));
#if !SPLIT
  if (place.row >= M) { return; }
#endif
  let t = tile_product(place.row, place.column, id.z * (4u * BLOCKS));
  finish_tile(t, place.row, place.column, id.z, index);
}
#endif
