// A matrix product for each batch row (o, n), in register tiles of SIDE by SIDE.
// Computes: c[o,·,n,·] = a[o,·,n,·]·b[o,·,n,·], or c += that with ADD_C
// Bindings: a and b as in operands.wgsl, c [B,M,N,P]; VEC_C: bound as vec4<f32>, where P is a multiple
// of four
// Owner: invocation i owns tile i: tiles of a batch row come one after the other, row by row. With
// BLOCK, workgroup i owns block i of WORKGROUP_Y by WORKGROUP_X tiles, whose operands it loads
// together (matmul/panels.wgsl).

#if !VEC_C
fn store_element(i: u32, value: f32) {
#if ADD_C
  c[i] += value;
#else
  c[i] = value;
#endif
}
#endif

fn store_row(row: u32, column: u32, value: vec4<f32>) {
  if (row >= M || column >= P) { return; }
  let i = ((batch_outer * M + row) * N + batch_inner) * P + column;
#if VEC_C
#if ADD_C
  c[i / 4u] += value;
#else
  c[i / 4u] = value;
#endif
#else
  store_element(i, value.x);
  if (column + 1u < P) { store_element(i + 1u, value.y); }
  if (column + 2u < P) { store_element(i + 2u, value.z); }
  if (column + 3u < P) { store_element(i + 3u, value.w); }
#endif
}

// A tile's product is whole: there are no slices of K.
fn finish_block(row: u32, column: u32, block: mat4x4<f32>, slice: u32, index: u32) {
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
  let row = (i / ACROSS % DOWN * WORKGROUP_Y + id.y) * SIDE;
  let column = (i % ACROSS * WORKGROUP_X + id.x) * SIDE;
  finish_tile(tile_product(row, column, 0u), row, column, 0u, 0u);
}
#else
@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  let batch = i / (DOWN * ACROSS);
  if (batch >= B * N) { return; }
  batch_outer = batch / N;
  batch_inner = batch % N;
  let row = i / ACROSS % DOWN * SIDE;
  let column = i % ACROSS * SIDE;
  finish_tile(tile_product(row, column, 0u), row, column, 0u, 0u);
}
#endif
