import { madd, put } from './vector';

// The inner loop of every product: a tile of the result in registers. WebAssembly on x64 leaves 15
// vector registers. Six rows by eight columns take twelve, two are for B, one for the broadcast element
// of A. That is enough where each element is loaded just before its two sums, as it is written here,
// and where a product and its sum are one instruction. Older compilers (V8 before 13) load all elements
// of A first: there four rows fit (eight, two and four), and six run at three quarters of their speed.
// Without the fused instruction, four are the faster by a twentieth. The loops over k are not unrolled,
// for the same reason.
//
// A tile adds A·B over K to `from` (nothing where it is 0) and writes the sum to `c`.
//   a, rowA, stepA   address of A's first element; bytes to the next row, and to the next k
//   b, stepB         address of eight columns of B; bytes to the next k
//   c, rowC          address of the result; bytes to the next row
//   from, rowFrom    what is added, likewise; rowFrom = 0 adds the same row to each: a bias
//   columns          how many of the eight exist

/** Adds to what is there, and writes two vectors of a row. */
@inline
function finish(c: usize, from: usize, s0: v128, s1: v128, columns: i32): void {
  if (from) {
    s0 = f32x4.add(s0, v128.load(from));
    s1 = f32x4.add(s1, v128.load(from, 16));
  }
  if (columns >= 8) {
    v128.store(c, s0);
    v128.store(c, s1, 16);
  } else {
    put(c, s0, columns);
    put(c + 16, s1, columns - 4);
  }
}

/** ROWS (1 to 6, a constant) by 8. */
@inline
export function tile8(
  ROWS: i32,
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  stepA: usize,
  b: usize,
  stepB: usize,
  K: i32,
  columns: i32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  let a0 = a;
  let a1 = a0 + rowA;
  let a2 = a1 + rowA;
  let a3 = a2 + rowA;
  let a4 = a3 + rowA;
  let a5 = a4 + rowA;
  for (let k = K; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += stepB;
    const x0 = v128.load_splat<f32>(a0);
    c00 = madd(x0, b0, c00);
    c01 = madd(x0, b1, c01);
    a0 += stepA;
    if (ROWS > 1) {
      const x = v128.load_splat<f32>(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      a1 += stepA;
    }
    if (ROWS > 2) {
      const x = v128.load_splat<f32>(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      a2 += stepA;
    }
    if (ROWS > 3) {
      const x = v128.load_splat<f32>(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a3 += stepA;
    }
    if (ROWS > 4) {
      const x = v128.load_splat<f32>(a4);
      c40 = madd(x, b0, c40);
      c41 = madd(x, b1, c41);
      a4 += stepA;
    }
    if (ROWS > 5) {
      const x = v128.load_splat<f32>(a5);
      c50 = madd(x, b0, c50);
      c51 = madd(x, b1, c51);
      a5 += stepA;
    }
  }
  finish(c, from, c00, c01, columns);
  if (ROWS > 1) finish((c += rowC), (from += rowFrom), c10, c11, columns);
  if (ROWS > 2) finish((c += rowC), (from += rowFrom), c20, c21, columns);
  if (ROWS > 3) finish((c += rowC), (from += rowFrom), c30, c31, columns);
  if (ROWS > 4) finish((c += rowC), (from += rowFrom), c40, c41, columns);
  if (ROWS > 5) finish((c += rowC), (from += rowFrom), c50, c51, columns);
}

/** One row by 32, of four neighbouring panels: one panel alone would wait for its own sums. */
export function tile32(
  c: usize,
  from: usize,
  a: usize,
  stepA: usize,
  b: usize,
  panelB: usize,
  stepB: usize,
  K: i32,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  let b1 = b + panelB;
  let b2 = b1 + panelB;
  let b3 = b2 + panelB;
  for (let k = K; k > 0; k--) {
    const x = v128.load_splat<f32>(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    c2 = madd(x, v128.load(b1), c2);
    c3 = madd(x, v128.load(b1, 16), c3);
    c4 = madd(x, v128.load(b2), c4);
    c5 = madd(x, v128.load(b2, 16), c5);
    c6 = madd(x, v128.load(b3), c6);
    c7 = madd(x, v128.load(b3, 16), c7);
    a += stepA;
    b += stepB;
    b1 += stepB;
    b2 += stepB;
    b3 += stepB;
  }
  finish(c, from, c0, c1, 8);
  finish(c + 32, from ? from + 32 : 0, c2, c3, 8);
  finish(c + 64, from ? from + 64 : 0, c4, c5, 8);
  finish(c + 96, from ? from + 96 : 0, c6, c7, 8);
}

/** Two rows by 16, of two neighbouring panels, for the same reason. */
export function tile16(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  stepA: usize,
  b: usize,
  panelB: usize,
  stepB: usize,
  K: i32,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  let a1 = a + rowA;
  let b1 = b + panelB;
  for (let k = K; k > 0; k--) {
    const x = v128.load_splat<f32>(a);
    const y = v128.load_splat<f32>(a1);
    const d0 = v128.load(b);
    const d1 = v128.load(b, 16);
    c0 = madd(x, d0, c0);
    c1 = madd(x, d1, c1);
    c4 = madd(y, d0, c4);
    c5 = madd(y, d1, c5);
    const d2 = v128.load(b1);
    const d3 = v128.load(b1, 16);
    c2 = madd(x, d2, c2);
    c3 = madd(x, d3, c3);
    c6 = madd(y, d2, c6);
    c7 = madd(y, d3, c7);
    a += stepA;
    a1 += stepA;
    b += stepB;
    b1 += stepB;
  }
  finish(c, from, c0, c1, 8);
  finish(c + 32, from ? from + 32 : 0, c2, c3, 8);
  if (from) from += rowFrom;
  finish(c + rowC, from, c4, c5, 8);
  finish(c + rowC + 32, from ? from + 32 : 0, c6, c7, 8);
}
