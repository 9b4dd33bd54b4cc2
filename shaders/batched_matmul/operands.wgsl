// Reads blocks of 4 by 4, and fours of a row, of the operands of one batch row, whichever way they lie in memory.
// Bindings: a [B,A_ROWS,N,A_COLUMNS], b [B,B_ROWS,N,B_COLUMNS]; VEC_A and VEC_B: bound as vec4<f32>,
// where the length of a row is a multiple of four
// Indices past an edge are clamped: what comes of them is not stored. Values of k past the end count
// as 0 in blocks of a. The entry point sets batch_outer and batch_inner first.

var<private> batch_outer: u32;
var<private> batch_inner: u32;

#if VEC_A
fn load_a(row: u32, column: u32) -> vec4<f32> {
  let start = ((batch_outer * A_ROWS + min(row, A_ROWS - 1u)) * N + batch_inner) * (A_COLUMNS / 4u);
  return a[start + min(column / 4u, A_COLUMNS / 4u - 1u)];
}
#else
fn load_a(row: u32, column: u32) -> vec4<f32> {
  let start = ((batch_outer * A_ROWS + min(row, A_ROWS - 1u)) * N + batch_inner) * A_COLUMNS;
  let at = start + min(vec4<u32>(column, column + 1u, column + 2u, column + 3u), vec4<u32>(A_COLUMNS - 1u));
  return vec4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}
#endif

#if VEC_B
fn load_b(row: u32, column: u32) -> vec4<f32> {
  let start = ((batch_outer * B_ROWS + min(row, B_ROWS - 1u)) * N + batch_inner) * (B_COLUMNS / 4u);
  return b[start + min(column / 4u, B_COLUMNS / 4u - 1u)];
}
#else
fn load_b(row: u32, column: u32) -> vec4<f32> {
  let start = ((batch_outer * B_ROWS + min(row, B_ROWS - 1u)) * N + batch_inner) * B_COLUMNS;
  let at = start + min(vec4<u32>(column, column + 1u, column + 2u, column + 3u), vec4<u32>(B_COLUMNS - 1u));
  return vec4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]);
}
#endif

fn mask_k(value: vec4<f32>, k: u32) -> vec4<f32> {
  return select(vec4<f32>(), value, vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(K));
}

#if !TRANSPOSED_A
fn row_a(row: u32, k: u32) -> vec4<f32> {
  return mask_k(load_a(row, k), k);
}
#endif

fn block_a(row: u32, k: u32) -> mat4x4<f32> {
#if TRANSPOSED_A
  let m = transpose(mat4x4<f32>(load_a(k, row), load_a(k + 1u, row), load_a(k + 2u, row), load_a(k + 3u, row)));
#else
  let m = mat4x4<f32>(load_a(row, k), load_a(row + 1u, k), load_a(row + 2u, k), load_a(row + 3u, k));
#endif
  return mat4x4<f32>(mask_k(m[0], k), mask_k(m[1], k), mask_k(m[2], k), mask_k(m[3], k));
}

fn block_b(k: u32, column: u32) -> mat4x4<f32> {
#if TRANSPOSED_B
  return transpose(mat4x4<f32>(load_b(column, k), load_b(column + 1u, k), load_b(column + 2u, k), load_b(column + 3u, k)));
#else
  return mat4x4<f32>(load_b(k, column), load_b(k + 1u, column), load_b(k + 2u, column), load_b(k + 3u, column));
#endif
}
