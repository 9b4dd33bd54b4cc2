// Operands in the order in which tiles read them.

/** Elements of K in one block: a panel of eight columns then takes 8 KB of the first cache. */
export const BLOCK_K: i32 = 256;

/** Rounds up to whole panels of eight columns. */
@inline
export function padded(columns: i32): i32 {
  return (columns + 7) & ~7;
}

/**
 * Columns of B in panels: for every eight columns the K rows of a block, eight floats each, and
 * zeros where columns are missing.
 * @param transposed B is stored [P,K] (a weight as PyTorch has it), else [K,P]
 * @param b address of the block's first element
 * @param rowB bytes from one stored row to the next
 */
export function packPanels(
  to: usize,
  b: usize,
  rowB: usize,
  transposed: bool,
  K: i32,
  columns: i32,
): void {
  for (let p = 0; p < columns; p += 8) {
    if (p + 8 > columns) packPartial(to, b, rowB, transposed, K, columns - p);
    else if (transposed) packTransposed(to, b, rowB, K);
    else {
      let from = b;
      for (let k = 0; k < K; k++) {
        v128.store(to + (<usize>k << 5), v128.load(from));
        v128.store(to + (<usize>k << 5), v128.load(from, 16), 16);
        from += rowB;
      }
    }
    to += <usize>K << 5;
    b += transposed ? rowB << 3 : 32;
  }
}

function packTransposed(to: usize, b: usize, rowB: usize, K: i32): void {
  let k = 0;
  for (; k + 4 <= K; k += 4) {
    transpose(to, b, rowB);
    transpose(to + 16, b + (rowB << 2), rowB);
    b += 16;
    to += 128;
  }
  for (; k < K; k++) {
    for (let j: usize = 0; j < 8; j++) store<f32>(to + (j << 2), load<f32>(b + j * rowB));
    b += 4;
    to += 32;
  }
}

/** Four rows by four, transposed, eight floats apart. */
@inline
function transpose(to: usize, from: usize, row: usize): void {
  const x0 = v128.load(from);
  const x1 = v128.load(from + row);
  const x2 = v128.load(from + 2 * row);
  const x3 = v128.load(from + 3 * row);
  const low01 = i32x4.shuffle(x0, x1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(x0, x1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(x2, x3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(x2, x3, 2, 6, 3, 7);
  v128.store(to, i32x4.shuffle(low01, low23, 0, 1, 4, 5));
  v128.store(to, i32x4.shuffle(low01, low23, 2, 3, 6, 7), 32);
  v128.store(to, i32x4.shuffle(high01, high23, 0, 1, 4, 5), 64);
  v128.store(to, i32x4.shuffle(high01, high23, 2, 3, 6, 7), 96);
}

function packPartial(to: usize, b: usize, rowB: usize, transposed: bool, K: i32, columns: i32): void {
  memory.fill(to, 0, <usize>K << 5);
  const stepK: usize = transposed ? 4 : rowB;
  const stepP: usize = transposed ? rowB : 4;
  for (let p = 0; p < columns; p++) {
    let from = b + <usize>p * stepP;
    let put = to + (<usize>p << 2);
    for (let k = 0; k < K; k++) {
      store<f32>(put, load<f32>(from));
      from += stepK;
      put += 32;
    }
  }
}

/**
 * Rows of a transposed A, stored [K,M]: for every k the `rows` elements of one tile. Writes whole
 * vectors, up to 28 bytes past the end.
 */
export function packRows(to: usize, a: usize, rowA: usize, K: i32, rows: i32): void {
  const step = <usize>rows << 2;
  for (let k = 0; k < K; k++) {
    v128.store(to, v128.load(a));
    v128.store(to, v128.load(a, 16), 16);
    a += rowA;
    to += step;
  }
}
