// A matrix product for each batch row (o, n) where a has few rows: TILE_COLUMNS elements of one row
// for each invocation. SLICES invocations share the sum over K; with SUBGROUPS, a whole workgroup
// does, and subgroups add up its parts.
// Computes: c[o,·,n,·] = a[o,·,n,·]·b[o,·,n,·], or c += that with ADD_C
// Bindings: a and b as in operands.wgsl, c as in result.wgsl
// Owner: invocation (i, slice) adds up its share of K for tile i; slice 0 stores the tile. With
//   SUBGROUPS, workgroup i owns tile i, and its invocation `index` sums values 4·(index + SLICES·step)
//   … +3 of k

fn finish_row(row: u32, column: u32, part: vec4<f32>, slice: u32, index: u32) {
#if SUBGROUPS
  let sum = sum_of_all(part, index);
#else
#if SPLIT
  let sum = sum_row_slices(part, index);
#else
  let sum = part;
#endif
#endif
  if (slice == 0u) { store_row(row, column, sum); }
}

#if SUBGROUPS
@compute @workgroup_size(SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let place = place_of(group.y * GRID_X + group.x);
  finish_row_tile(row_product(place.row, place.column, 4u * index), place.row, place.column, index, index);
}
#else
@compute @workgroup_size(WORKGROUP, 1, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let place = place_of(linear_index(id));
#if !SPLIT
  if (place.row >= M) { return; }
#endif
  let t = row_product(place.row, place.column, id.z * (4u * BLOCKS));
  finish_row_tile(t, place.row, place.column, id.z, index);
}
#endif
