// A register tile of a matrix product that four invocations (a quad) compute together: TILE_ROWS x
// TILE_COLUMNS elements of c for each. Each loads its own rows of a, but only a quarter of the
// columns of b, and gets the others from its neighbours in registers. The including kernel enables
// subgroups, runs in workgroups of four, and defines block_a and block_b as for tile.wgsl
// and the flags ROWS_8, COLUMNS_32, COLUMNS_48 and COLUMNS_64 (else there are 4 rows, 16 columns),
// and COLUMN_STEP as for tile.wgsl; groups of 16 columns after the second come with 4 rows only,
// which is what the gates of recurrent cells need.
// A quad is whoever exchanges values: columns are exchanged with the data, so that no order of the
// four is assumed.

struct QuadTile {
  c00: mat4x4<f32>,
  c01: mat4x4<f32>,
  c02: mat4x4<f32>,
  c03: mat4x4<f32>,
#if COLUMNS_32
  c04: mat4x4<f32>,
  c05: mat4x4<f32>,
  c06: mat4x4<f32>,
  c07: mat4x4<f32>,
#endif
#if COLUMNS_48
  c08: mat4x4<f32>,
  c09: mat4x4<f32>,
  c0a: mat4x4<f32>,
  c0b: mat4x4<f32>,
#endif
#if COLUMNS_64
  c0c: mat4x4<f32>,
  c0d: mat4x4<f32>,
  c0e: mat4x4<f32>,
  c0f: mat4x4<f32>,
#endif
#if ROWS_8
  c10: mat4x4<f32>,
  c11: mat4x4<f32>,
  c12: mat4x4<f32>,
  c13: mat4x4<f32>,
#if COLUMNS_32
  c14: mat4x4<f32>,
  c15: mat4x4<f32>,
  c16: mat4x4<f32>,
  c17: mat4x4<f32>,
#endif
#endif
}

fn swap_x(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapX(m[0]), quadSwapX(m[1]), quadSwapX(m[2]), quadSwapX(m[3]));
}

fn swap_y(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapY(m[0]), quadSwapY(m[1]), quadSwapY(m[2]), quadSwapY(m[3]));
}

fn swap_diagonal(m: mat4x4<f32>) -> mat4x4<f32> {
  return mat4x4<f32>(quadSwapDiagonal(m[0]), quadSwapDiagonal(m[1]), quadSwapDiagonal(m[2]), quadSwapDiagonal(m[3]));
}

// The first column of blocks c00, c01, c02 and c03, from the invocation's own column; those of c04
// ... c07 are COLUMN_STEP further on, and so forth.
fn quad_columns(column: u32) -> vec4<u32> {
  return vec4<u32>(column, quadSwapX(column), quadSwapY(column), quadSwapDiagonal(column));
}

// `row` and `column` are the invocation's own; all four must come here.
fn quad_product(row: u32, column: u32) -> QuadTile {
  var t: QuadTile;
  for (var step = 0u; step < BLOCKS; step++) {
    let k = 4u * step;
    let a0 = block_a(row, k);
#if ROWS_8
    let a1 = block_a(row + 4u, k);
#endif
    let b0 = block_b(k, column);
    t.c00 += b0 * a0;
#if ROWS_8
    t.c10 += b0 * a1;
#endif
    let b1 = swap_x(b0);
    t.c01 += b1 * a0;
#if ROWS_8
    t.c11 += b1 * a1;
#endif
    let b2 = swap_y(b0);
    t.c02 += b2 * a0;
#if ROWS_8
    t.c12 += b2 * a1;
#endif
    let b3 = swap_diagonal(b0);
    t.c03 += b3 * a0;
#if ROWS_8
    t.c13 += b3 * a1;
#endif
#if COLUMNS_32
    let b4 = block_b(k, column + COLUMN_STEP);
    t.c04 += b4 * a0;
#if ROWS_8
    t.c14 += b4 * a1;
#endif
    let b5 = swap_x(b4);
    t.c05 += b5 * a0;
#if ROWS_8
    t.c15 += b5 * a1;
#endif
    let b6 = swap_y(b4);
    t.c06 += b6 * a0;
#if ROWS_8
    t.c16 += b6 * a1;
#endif
    let b7 = swap_diagonal(b4);
    t.c07 += b7 * a0;
#if ROWS_8
    t.c17 += b7 * a1;
#endif
#endif
#if COLUMNS_48
    let b8 = block_b(k, column + 2u * COLUMN_STEP);
    t.c08 += b8 * a0;
    t.c09 += swap_x(b8) * a0;
    t.c0a += swap_y(b8) * a0;
    t.c0b += swap_diagonal(b8) * a0;
#endif
#if COLUMNS_64
    let bc = block_b(k, column + 3u * COLUMN_STEP);
    t.c0c += bc * a0;
    t.c0d += swap_x(bc) * a0;
    t.c0e += swap_y(bc) * a0;
    t.c0f += swap_diagonal(bc) * a0;
#endif
  }
  return t;
}
