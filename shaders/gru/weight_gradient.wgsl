// dW_hh and db_hh of the GRU with the reset gate before the recurrent product. The rows of n have
// another right operand than those of r and z.
// Computes: with i = (t,n)
//   dweight_hh[j,k] = Σ_i da[i,j]·x[i,k] for j < 2H, else Σ_i da[i,j]·q[i,k]
//   dbias_hh[j] = Σ_i da[i,j]
// Bindings: da [T*N,3H], x [T*N,H] (the first rows of h or masked), gates r z n q [T*N,4H], dweight_hh
//   [3H,H], dbias_hh [3H] or absent
// Owner: invocation (x, y, slice) sums its share of i for tile (y, x); the first tile of n begins at
//   row 2H; slice 0 owns the tile, and with x = 0 its part of dbias_hh
// After: the last backward step

var<private> of_candidate: bool;

fn load_b(i: u32, column: u32) -> vec4<f32> {
  let row = min(i, ROWS - 1u);
  let unit = min(column, 4u * ((H - 1u) / 4u));
  if (of_candidate) { return load_gates((row * 4u + 3u) * H + unit); }
  return load_x(row * H + unit);
}

fn block_b(k: u32, column: u32) -> mat4x4<f32> {
  return mat4x4<f32>(load_b(k, column), load_b(k + 1u, column), load_b(k + 2u, column), load_b(k + 3u, column));
}

fn load_a(i: u32, row: u32) -> vec4<f32> {
  let value = load_da(min(i, ROWS - 1u) * 3u * H + min(row, 3u * H - 1u));
  return select(vec4<f32>(), value, i < ROWS);
}

fn block_a(row: u32, k: u32) -> mat4x4<f32> {
  return transpose(mat4x4<f32>(load_a(k, row), load_a(k + 1u, row), load_a(k + 2u, row), load_a(k + 3u, row)));
}

fn store_row(row: u32, limit: u32, unit: u32, sum: vec4<f32>) {
  if (row >= limit || unit >= H) { return; }
  let i = row * H + unit;
#if ADD_WEIGHT
  store_dweight_hh(i, H - unit, sum + load_dweight_hh(i));
#else
  store_dweight_hh(i, H - unit, sum);
#endif
}

// Rows of r and z end where those of n begin.
fn row_limit() -> u32 {
  return select(2u * H, 3u * H, of_candidate);
}

fn finish_block(row: u32, unit: u32, part: mat4x4<f32>, slice: u32, index: u32) {
#if SPLIT
  let block = sum_slices(part, index);
  if (slice > 0u) { return; }
#else
  let block = part;
#endif
  let limit = row_limit();
  store_row(row, limit, unit, block[0]);
  store_row(row + 1u, limit, unit, block[1]);
  store_row(row + 2u, limit, unit, block[2]);
  store_row(row + 3u, limit, unit, block[3]);
}

#if HAS_DBIAS_HH
fn store_bias(row: u32, limit: u32, sum: f32) {
  if (row >= limit) { return; }
#if ADD_BIAS
  dbias_hh[row] += sum;
#else
  dbias_hh[row] = sum;
#endif
}

fn finish_biases(row: u32, first: u32, slice: u32, unit: u32, index: u32) {
  var sums = vec4<f32>();
  if (unit == 0u) {
    for (var step = 0u; step < BLOCKS; step++) { sums += vec4<f32>(1.0) * block_a(row, first + 4u * step); }
  }
#if SPLIT
  sums = sum_row_slices(sums, index);
#endif
  if (unit > 0u || slice > 0u) { return; }
  let limit = row_limit();
  store_bias(row, limit, sums.x);
  store_bias(row + 1u, limit, sums.y);
  store_bias(row + 2u, limit, sums.z);
  store_bias(row + 3u, limit, sums.w);
}
#endif

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  of_candidate = id.y >= GATE_TILES;
  let row = select(id.y * TILE_ROWS, 2u * H + (id.y - GATE_TILES) * TILE_ROWS, of_candidate);
  let unit = id.x * TILE_COLUMNS;
  let slice = id.z;
  let first = slice * (4u * BLOCKS);
  let t = tile_product(row, unit, first);
  finish_tile(t, row, unit, slice, index);
#if HAS_DBIAS_HH
  for (var i = 0u; i < TILE_ROWS; i += 4u) { finish_biases(row + i, first, slice, unit, index); }
#endif
}
