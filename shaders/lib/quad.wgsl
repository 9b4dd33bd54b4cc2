// Functions with which four invocations (a quad) exchange what they load, for the tiles of
// src/ops/lib/register-tiles.ts. The kernel enables subgroups, and its workgroups have four
// invocations. Their columns are exchanged in the same way as the data, so their order does not matter.

fn swap_x(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapX(m[0]), quadSwapX(m[1]), quadSwapX(m[2]), quadSwapX(m[3]));
}

fn swap_y(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapY(m[0]), quadSwapY(m[1]), quadSwapY(m[2]), quadSwapY(m[3]));
}

fn swap_diagonal(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapDiagonal(m[0]), quadSwapDiagonal(m[1]), quadSwapDiagonal(m[2]), quadSwapDiagonal(m[3]));
}

// The first columns of blocks 0 to 3 of a tile. Those of blocks 4 to 7 are COLUMN_STEP later, and so on.
fn quad_columns(column: u32) -> vec4<u32> {
  return vec4<u32>(column, quadSwapX(column), quadSwapY(column), quadSwapDiagonal(column));
}
