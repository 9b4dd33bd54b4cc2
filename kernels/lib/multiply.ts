import { BLOCK_K, packPanels, packRows, padded } from './pack';
import { tile16, tile32, tile8 } from './tile';
import { madd, sum4 } from './vector';

/** Rows of a tile at most: see tile.ts. */
let tileRows: i32 = 4;

/** Says whether the compiler has registers for tiles of six rows. Sums and their bits stay the same. */
export function use_tall_tiles(tall: bool): void {
  tileRows = tall ? 6 : 4;
}

/** Rows of A that stay in the second cache while all panels pass over them: whole tiles. */
const BLOCK_ROWS: i32 = 120;

/** Columns of B that are packed at once: half a megabyte. */
const BLOCK_COLUMNS: i32 = 512;

/** Bytes that `product` needs beside its operands. */
export const PRODUCT_SCRATCH: usize = ((BLOCK_K * BLOCK_COLUMNS + BLOCK_ROWS * BLOCK_K) << 2) + 64;

/** Height of tile `i` where `rows` are spread evenly over `tiles`. */
@inline
function height(rows: i32, tiles: i32, i: i32): i32 {
  return rows / tiles + i32(i < rows % tiles);
}

/**
 * Adds A·B to `from` for some rows and columns: every panel meets every tile of rows.
 * @param packed A lies tile by tile (packRows), else row by row, `rowA` bytes apart
 */
function multiplyPanels(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  packed: bool,
  b: usize,
  panelB: usize,
  stepB: usize,
  K: i32,
  rows: i32,
  columns: i32,
): void {
  const tiles = (rows + tileRows - 1) / tileRows;
  let p = 0;
  if (rows == 1)
    for (; p + 32 <= columns; p += 32) {
      tile32(c, from, a, 4, b, panelB, stepB, K);
      c += 128;
      if (from) from += 128;
      b += 4 * panelB;
    }
  else if (rows == 2)
    for (; p + 16 <= columns; p += 16) {
      tile16(c, rowC, from, rowFrom, a, packed ? 4 : rowA, packed ? 8 : 4, b, panelB, stepB, K);
      c += 64;
      if (from) from += 64;
      b += 2 * panelB;
    }
  for (; p < columns; p += 8) {
    let tileA = a;
    let tileC = c;
    let tileFrom = from;
    const left = columns - p;
    for (let i = 0; i < tiles; i++) {
      const h = height(rows, tiles, i);
      const ra: usize = packed ? 4 : rowA;
      const sa: usize = packed ? <usize>h << 2 : 4;
      if (h == 6) tile8(6, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      else if (h == 5) tile8(5, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      else if (h == 4) tile8(4, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      else if (h == 3) tile8(3, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      else if (h == 2) tile8(2, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      else tile8(1, tileC, rowC, tileFrom, rowFrom, tileA, ra, sa, b, stepB, K, left);
      tileA += <usize>h * (packed ? <usize>K << 2 : rowA);
      tileC += <usize>h * rowC;
      tileFrom += <usize>h * rowFrom;
    }
    c += 32;
    if (from) from += 32;
    b += panelB;
  }
}

/**
 * Sums of products of rows with rows, for so few rows of A that packing B would not pay:
 * c[m,p] = from[m,p] + Σ_k a[m,k]·b[p,k].
 */
export function multiplyDots(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  b: usize,
  rowB: usize,
  K: i32,
  rows: i32,
  columns: i32,
): void {
  const K4 = K & ~3;
  for (let p = 0; p < columns; p += 4) {
    // Missing rows of B are read as its last one, and not stored.
    const left = columns - p;
    const w0 = b;
    const w1 = left > 1 ? w0 + rowB : w0;
    const w2 = left > 2 ? w1 + rowB : w0;
    const w3 = left > 3 ? w2 + rowB : w0;
    for (let m: usize = 0; m < <usize>rows; m++) {
      const x = a + m * rowA;
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      let k: usize = 0;
      for (const end = <usize>K4 << 2; k < end; k += 16) {
        const v = v128.load(x + k);
        s0 = madd(v, v128.load(w0 + k), s0);
        s1 = madd(v, v128.load(w1 + k), s1);
        s2 = madd(v, v128.load(w2 + k), s2);
        s3 = madd(v, v128.load(w3 + k), s3);
      }
      let r0 = sum4(s0), r1 = sum4(s1), r2 = sum4(s2), r3 = sum4(s3);
      for (const end = <usize>K << 2; k < end; k += 4) {
        const v = load<f32>(x + k);
        r0 += v * load<f32>(w0 + k);
        r1 += v * load<f32>(w1 + k);
        r2 += v * load<f32>(w2 + k);
        r3 += v * load<f32>(w3 + k);
      }
      const put = c + m * rowC;
      if (from) {
        const add = from + m * rowFrom;
        r0 += load<f32>(add);
        if (left > 1) r1 += load<f32>(add, 4);
        if (left > 2) r2 += load<f32>(add, 8);
        if (left > 3) r3 += load<f32>(add, 12);
      }
      store<f32>(put, r0);
      if (left > 1) store<f32>(put, r1, 4);
      if (left > 2) store<f32>(put, r2, 8);
      if (left > 3) store<f32>(put, r3, 12);
    }
    b += rowB << 2;
    c += 16;
    if (from) from += 16;
  }
}

/** Bytes of a whole weight in panels. */
@inline
export function packedBytes(K: i32, columns: i32): usize {
  return (<usize>K * <usize>padded(columns)) << 2;
}

/** Packs a whole B for `multiplyPacked`: blocks of K one after the other. */
export function packAll(to: usize, b: usize, rowB: usize, transposed: bool, K: i32, columns: i32): void {
  for (let k = 0; k < K; k += BLOCK_K) {
    const depth = min(BLOCK_K, K - k);
    packPanels(to, b + <usize>k * (transposed ? 4 : rowB), rowB, transposed, depth, columns);
    to += packedBytes(depth, columns);
  }
}

/** c = from + a·B with a packed B, for many calls with the same B: the steps of a window. */
export function multiplyPacked(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  b: usize,
  K: i32,
  rows: i32,
  columns: i32,
): void {
  for (let k = 0; k < K; k += BLOCK_K) {
    const depth = min(BLOCK_K, K - k);
    const panelB = <usize>depth << 5;
    multiplyPanels(c, rowC, from, rowFrom, a, rowA, false, b, panelB, 32, depth, rows, columns);
    from = c;
    rowFrom = rowC;
    a += <usize>depth << 2;
    b += packedBytes(depth, columns);
  }
}

/** c = from + A·B for some rows and columns of c; the operands' addresses are those of the part. */
export function multiply(
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
  K: i32,
  rows: i32,
  columns: i32,
  scratch: usize,
): void {
  const blockA = scratch + (<usize>(BLOCK_K * BLOCK_COLUMNS) << 2);
  for (let p = 0; p < columns; p += BLOCK_COLUMNS) {
    const width = min(BLOCK_COLUMNS, columns - p);
    const across = <usize>p << 2;
    const partB = b + <usize>p * (transposedB ? rowB : 4);
    for (let k = 0; k < K; k += BLOCK_K) {
      const depth = min(BLOCK_K, K - k);
      packPanels(scratch, partB + <usize>k * (transposedB ? 4 : rowB), rowB, transposedB, depth, width);
      const first = k == 0;
      const base = first ? from : c;
      const rowBase = first ? rowFrom : rowC;
      for (let m = 0; m < rows; m += BLOCK_ROWS) {
        const tall = min(BLOCK_ROWS, rows - m);
        let partA = a + <usize>m * (transposedA ? 4 : rowA) + <usize>k * (transposedA ? rowA : 4);
        if (transposedA) {
          packTiles(blockA, partA, rowA, depth, tall);
          partA = blockA;
        }
        multiplyPanels(
          c + <usize>m * rowC + across,
          rowC,
          base ? base + <usize>m * rowBase + across : 0,
          rowBase,
          partA,
          rowA,
          transposedA,
          scratch,
          <usize>depth << 5,
          32,
          depth,
          tall,
          width,
        );
      }
    }
  }
}

/** c = from + A·B with B [K,P] in its place, for few rows: packing it would not pay. */
export function multiplyInPlace(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  b: usize,
  rowB: usize,
  K: i32,
  rows: i32,
  columns: i32,
): void {
  multiplyPanels(c, rowC, from, rowFrom, a, rowA, false, b, 32, rowB, K, rows, columns);
}

/** A transposed A, tile by tile. */
function packTiles(to: usize, a: usize, rowA: usize, K: i32, rows: i32): void {
  const tiles = (rows + tileRows - 1) / tileRows;
  for (let i = 0; i < tiles; i++) {
    const h = height(rows, tiles, i);
    packRows(to, a, rowA, K, h);
    a += <usize>h << 2;
    to += (<usize>h * <usize>K) << 2;
  }
}
