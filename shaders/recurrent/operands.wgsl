// Loads the operands of a time step's product: a, rows of the states (backward: of gradients)
// [·,INNER], and b, the recurrent weights [G*H,H], transposed with TRANSPOSED_B. With VEC, which needs
// H % 4 = 0, they are bound as vec4<f32>.
// The cell defines left_row() and load_left(). With WHOLE_WINDOW or DIAGONAL another source defines
// left_value(row, i) instead, and with DIAGONAL also weight_value(i).
// Indices past an edge are clamped; the results of such loads are not stored. For row_a, block_a and
// block_b see src/ops/lib/register-tiles.ts.

#if VEC
const LEFT_WIDTH = INNER / 4u;
#else
const LEFT_WIDTH = INNER;
#endif

#if !DIAGONAL
fn weight_value(i: u32) -> Value { return weight_hh[i]; }

#if !WHOLE_WINDOW
fn left_value(row: u32, i: u32) -> Value {
  return load_left((left_row() + min(row, N - 1u)) * LEFT_WIDTH + i);
}
#endif
#endif

#if VEC
fn load_weight(row: u32, column: u32) -> vec4<f32> {
  return weight_value(min(row, GATES * H - 1u) * (H / 4u) + min(column / 4u, H / 4u - 1u));
}

fn row_a(row: u32, k: u32) -> vec4<f32> {
  let value = left_value(row, min(k / 4u, LEFT_WIDTH - 1u));
#if MASK_K
  return select(vec4<f32>(), value, k < INNER); // the last slice can reach past the end
#else
  return value;
#endif
}
#else
fn load_weight(row: u32, column: u32) -> vec4<f32> {
  let start = min(row, GATES * H - 1u) * H;
  let last = H - 1u;
  return vec4<f32>(weight_value(start + min(column, last)), weight_value(start + min(column + 1u, last)), weight_value(start + min(column + 2u, last)), weight_value(start + min(column + 3u, last)));
}

fn row_a(row: u32, k: u32) -> vec4<f32> {
  let last = INNER - 1u;
  let value = vec4<f32>(left_value(row, min(k, last)), left_value(row, min(k + 1u, last)), left_value(row, min(k + 2u, last)), left_value(row, min(k + 3u, last)));
  return select(vec4<f32>(), value, vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(INNER));
}
#endif

fn block_a(row: u32, k: u32) -> mat4x4<f32> {
  return mat4x4<f32>(row_a(row, k), row_a(row + 1u, k), row_a(row + 2u, k), row_a(row + 3u, k));
}

fn block_b(k: u32, column: u32) -> mat4x4<f32> {
#if TRANSPOSED_B
  return transpose(mat4x4<f32>(load_weight(column, k), load_weight(column + 1u, k), load_weight(column + 2u, k), load_weight(column + 3u, k)));
#else
  return mat4x4<f32>(load_weight(k, column), load_weight(k + 1u, column), load_weight(k + 2u, column), load_weight(k + 3u, column));
#endif
}
