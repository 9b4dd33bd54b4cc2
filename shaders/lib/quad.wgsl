// How four invocations (a quad) exchange what they load, for the tiles of src/ops/lib/register-tiles.ts.
// The including kernel enables subgroups, and runs in workgroups of four. A quad is whoever
// exchanges values: columns are exchanged with the data, so that no order of the four is assumed.

fn swap_x(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapX(m[0]), quadSwapX(m[1]), quadSwapX(m[2]), quadSwapX(m[3]));
}

fn swap_y(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapY(m[0]), quadSwapY(m[1]), quadSwapY(m[2]), quadSwapY(m[3]));
}

fn swap_diagonal(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapDiagonal(m[0]), quadSwapDiagonal(m[1]), quadSwapDiagonal(m[2]), quadSwapDiagonal(m[3]));
}

// The first column of blocks 0 to 3 of a tile, from the invocation's own column; those of 4 to 7 are
// COLUMN_STEP further on, and so forth.
fn quad_columns(column: u32) -> vec4<u32> {
  return vec4<u32>(column, quadSwapX(column), quadSwapY(column), quadSwapDiagonal(column));
}
