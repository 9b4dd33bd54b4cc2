// Reads the operands of a matrix product in blocks of 4 by 4, for every layout in memory.
// a is [M,K], or [K,M] with TRANSPOSED_A; b is [K,P], or [P,K] with TRANSPOSED_B.
// VEC_A, VEC_B: the operand is bound as vec4<f32>, since its rows are multiples of four long.
// MASK_K: a tile may read values of k past the end, which count as 0.
// Other indices past an edge are clamped. Results that are computed from such values are not stored.

#if VEC_A
fn load_a(row: u32, column: u32) -> vec4<f32> {
  return a[min(row, A_ROWS - 1u) * (A_COLUMNS / 4u) + min(column / 4u, A_COLUMNS / 4u - 1u)];
}
#else
fn load_a(row: u32, column: u32) -> vec4<f32> {
  let start = min(row, A_ROWS - 1u) * A_COLUMNS;
  let last = A_COLUMNS - 1u;
  return vec4<f32>(a[start + min(column, last)], a[start + min(column + 1u, last)], a[start + min(column + 2u, last)], a[start + min(column + 3u, last)]);
}
#endif

#if VEC_B
fn load_b(row: u32, column: u32) -> vec4<f32> {
  return b[min(row, B_ROWS - 1u) * (B_COLUMNS / 4u) + min(column / 4u, B_COLUMNS / 4u - 1u)];
}
#else
fn load_b(row: u32, column: u32) -> vec4<f32> {
  let start = min(row, B_ROWS - 1u) * B_COLUMNS;
  let last = B_COLUMNS - 1u;
  return vec4<f32>(b[start + min(column, last)], b[start + min(column + 1u, last)], b[start + min(column + 2u, last)], b[start + min(column + 3u, last)]);
}
#endif

fn mask_k(value: vec4<f32>, k: u32) -> vec4<f32> {
#if MASK_K
  return select(vec4<f32>(), value, vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(K));
#else
  return value;
#endif
}

#if !TRANSPOSED_A
// Row of a from k to k+3.
fn row_a(row: u32, k: u32) -> vec4<f32> {
  return mask_k(load_a(row, k), k);
}
#endif

fn block_a(row: u32, k: u32) -> mat4x4<f32> {
#if TRANSPOSED_A
  let m = transpose(mat4x4<f32>(load_a(k, row), load_a(k + 1u, row), load_a(k + 2u, row), load_a(k + 3u, row)));
  return mat4x4<f32>(mask_k(m[0], k), mask_k(m[1], k), mask_k(m[2], k), mask_k(m[3], k));
#else
  return mat4x4<f32>(row_a(row, k), row_a(row + 1u, k), row_a(row + 2u, k), row_a(row + 3u, k));
#endif
}

fn block_b(k: u32, column: u32) -> mat4x4<f32> {
#if TRANSPOSED_B
  return transpose(mat4x4<f32>(load_b(column, k), load_b(column + 1u, k), load_b(column + 2u, k), load_b(column + 3u, k)));
#else
  return mat4x4<f32>(load_b(k, column), load_b(k + 1u, column), load_b(k + 2u, column), load_b(k + 3u, column));
#endif
}
