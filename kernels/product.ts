import { multiply, multiplyDots, multiplyInPlace, PRODUCT_SCRATCH } from './lib/multiply';
import { add, put } from './lib/vector';

/** Rows of A up to which a B is read in its place. */
const FEW_DOTS: i32 = 5;
const FEW_IN_PLACE: i32 = 7;

/** Bytes of scratch that `product` needs in each thread. */
export function product_scratch(): usize {
  return PRODUCT_SCRATCH;
}

/**
 * c = from + A·B, [M,P]. Widths of rows in elements.
 * @param a [M,K], or [K,M] where `transposedA`
 * @param b [K,P], or [P,K] where `transposedB`
 * @param from what is added: 0 nothing, c itself, or a bias with `widthFrom` 0
 * @param byColumns begin and end are columns of c (multiples of 8), else rows
 */
export function product(
  a: usize,
  widthA: i32,
  transposedA: bool,
  b: usize,
  widthB: i32,
  transposedB: bool,
  c: usize,
  widthC: i32,
  from: usize,
  widthFrom: i32,
  M: i32,
  P: i32,
  K: i32,
  byColumns: bool,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const rowA = (<usize>widthA) << 2;
  const rowB = (<usize>widthB) << 2;
  const rowC = (<usize>widthC) << 2;
  const rowFrom = from ? (<usize>widthFrom) << 2 : 0;
  const m = byColumns ? 0 : begin;
  const p = byColumns ? begin : 0;
  const rows = byColumns ? M : end - begin;
  const columns = byColumns ? min(end, P) - begin : P;
  if (rows <= 0 || columns <= 0) return;
  a += <usize>m * (transposedA ? 4 : rowA);
  b += <usize>p * (transposedB ? rowB : 4);
  c += <usize>m * rowC + ((<usize>p) << 2);
  if (from) from += <usize>m * rowFrom + ((<usize>p) << 2);
  multiplyPart(c, rowC, from, rowFrom, a, rowA, transposedA, b, rowB, transposedB, M, K, rows, columns, scratch);
}

/** Some rows and columns of a product that has M rows, in the way that suits so many. */
function multiplyPart(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  transposedA: bool,
  b: usize,
  rowB: usize,
  transposedB: bool,
  M: i32,
  K: i32,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  if (!transposedA && transposedB && M <= FEW_DOTS)
    multiplyDots(c, rowC, from, rowFrom, a, rowA, b, rowB, K, rows, columns);
  else if (!transposedA && !transposedB && M <= FEW_IN_PLACE)
    multiplyInPlace(c, rowC, from, rowFrom, a, rowA, b, rowB, K, rows, columns);
  else
    multiply(c, rowC, from, rowFrom, a, rowA, transposedA, b, rowB, transposedB, K, rows, columns, scratch);
}

/** Byte offset of batch row r = b·N + n in a tensor [B,rows,N,columns]. */
@inline
function batchRow(r: i32, N: i32, rows: i32, columns: i32): usize {
  return (<usize>(r / N) * <usize>rows * <usize>N + <usize>(r % N)) * ((<usize>columns) << 2);
}

/** A product for every batch row: c [B,M,N,P] = or += a·b, a [B,M,N,K] or transposed, b likewise. */
export function batched_product(
  a: usize,
  transposedA: bool,
  b: usize,
  transposedB: bool,
  c: usize,
  accumulate: bool,
  N: i32,
  M: i32,
  P: i32,
  K: i32,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  const step = (<usize>N) << 2;
  const columnsA = transposedA ? M : K;
  const columnsB = transposedB ? K : P;
  for (let r = begin; r < end; r++) {
    const to = c + batchRow(r, N, M, P);
    multiplyPart(
      to,
      step * <usize>P,
      accumulate ? to : 0,
      accumulate ? step * <usize>P : 0,
      a + batchRow(r, N, transposedA ? K : M, columnsA),
      step * <usize>columnsA,
      transposedA,
      b + batchRow(r, N, transposedB ? P : K, columnsB),
      step * <usize>columnsB,
      transposedB,
      M,
      K,
      M,
      P,
      scratch,
    );
  }
}

/** Rows that are summed before their sum is added to the total, which keeps rounding small. */
const SUMMED_ROWS: i32 = 64;

/** sums[p] (+)= Σ_r x[r,p] for columns from begin to end. */
export function column_sums(
  x: usize,
  width: i32,
  sums: usize,
  accumulate: bool,
  R: i32,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>width) << 2;
  for (let p = begin; p < end; p += 16) {
    const at = (<usize>p) << 2;
    let t0 = accumulate ? v128.load(sums + at) : f32x4.splat(0);
    let t1 = accumulate ? v128.load(sums + at, 16) : f32x4.splat(0);
    let t2 = accumulate ? v128.load(sums + at, 32) : f32x4.splat(0);
    let t3 = accumulate ? v128.load(sums + at, 48) : f32x4.splat(0);
    for (let r = 0; r < R; r += SUMMED_ROWS) {
      let s0 = f32x4.splat(0),
        s1 = f32x4.splat(0),
        s2 = f32x4.splat(0),
        s3 = f32x4.splat(0);
      let from = x + <usize>r * row + at;
      for (let left = min(SUMMED_ROWS, R - r); left > 0; left--) {
        s0 = add(s0, v128.load(from));
        s1 = add(s1, v128.load(from, 16));
        s2 = add(s2, v128.load(from, 32));
        s3 = add(s3, v128.load(from, 48));
        from += row;
      }
      t0 = add(t0, s0);
      t1 = add(t1, s1);
      t2 = add(t2, s2);
      t3 = add(t3, s3);
    }
    put(sums + at, t0, end - p);
    put(sums + at + 16, t1, end - p - 4);
    put(sums + at + 32, t2, end - p - 8);
    put(sums + at + 48, t3, end - p - 12);
  }
}
