import { dropoutFactors, FACTORS_SLACK } from '../lib/random';
import { multiplyDots, multiplyInPlace, multiplyPacked, packAll, packedBytes } from '../lib/multiply';
import { add, all, mul, put } from '../lib/vector';

// Functions that the recurrent kernels share. A call owns batch rows from `begin` to `end` over the
// whole window, so threads do not wait for each other inside a window. States have T + 1 rows. Step t
// reads row t. A forward layer writes row t + 1; a reverse layer writes row t − 1, and row T at t = 0.

/** Most rows, of all steps together, for which a weight is not packed. */
const FEW_ROWS: i32 = 5;

/** Returns the time step with index i in the order of computation. */
@inline
export function stepAt(i: i32, T: i32, reverse: bool): i32 {
  return reverse ? T - 1 - i : i;
}

/** Returns the row of the states that step t writes. */
@inline
export function rowAfter(t: i32, T: i32, reverse: bool): i32 {
  return reverse ? (t == 0 ? T : t - 1) : t + 1;
}

/** Whether step t of batch row n is padding. */
@inline
export function isPadding(lengths: usize, t: i32, n: i32): bool {
  return lengths != 0 && <u32>t >= load<u32>(lengths + (<usize>n << 2));
}

/**
 * Writes the initial states of rows: carried · keep where keep is not 0, else the learned state, or
 * zero.
 */
export function begin_states(
  to: usize,
  carried: usize,
  learned: usize,
  keep: usize,
  H: i32,
  begin: i32,
  end: i32,
): void {
  const row = <usize>H << 2;
  for (let n = begin; n < end; n++) {
    const at = <usize>n * row;
    const kept = keep ? load<f32>(keep + (<usize>n << 2)) : 1;
    for (let j = 0; j < H; j += 4) {
      const e = <usize>j << 2;
      const x =
        kept != 0 ? mul(v128.load(carried + at + e), all(kept)) : learned ? v128.load(learned + e) : all(0);
      put(to + at + e, x, H - j);
    }
  }
}

/** to = a ⊙ b over `count` floats. */
export function multiplyInto(to: usize, a: usize, b: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const e = <usize>i << 2;
    put(to + e, mul(v128.load(a + e), v128.load(b + e)), count - i);
  }
}

/** to += a ⊙ b over `count` floats. */
export function multiplyOnto(to: usize, a: usize, b: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const e = <usize>i << 2;
    put(to + e, add(v128.load(to + e), mul(v128.load(a + e), v128.load(b + e))), count - i);
  }
}

/** to = x · factor over `count` floats. */
export function scaleInto(to: usize, x: usize, factor: f32, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const e = <usize>i << 2;
    put(to + e, mul(v128.load(x + e), all(factor)), count - i);
  }
}

/** The gradient of the given initial states: keep · flow. */
export function giveInitial(to: usize, flow: usize, keep: usize, H: i32, begin: i32, end: i32): void {
  for (let n = begin; n < end; n++) {
    const at = (<usize>n * <usize>H) << 2;
    scaleInto(to + at, flow + at, keep ? load<f32>(keep + (<usize>n << 2)) : 1, H);
  }
}

/**
 * The gradient of learned initial states: learned[j] (+)= Σ flow[n,j] over rows n whose keep is 0,
 * for columns from begin to end.
 */
export function learned_gradient(
  learned: usize,
  accumulate: bool,
  flow: usize,
  keep: usize,
  N: i32,
  H: i32,
  begin: i32,
  end: i32,
): void {
  for (let j = begin; j < end; j += 4) {
    const e = <usize>j << 2;
    let sum = accumulate ? v128.load(learned + e) : all(0);
    for (let n = 0; keep && n < N; n++)
      if (load<f32>(keep + (<usize>n << 2)) == 0)
        sum = add(sum, v128.load(flow + ((<usize>n * <usize>H) << 2) + e));
    put(learned + e, sum, end - j);
  }
}

/** Bytes for the factors of one row, or of all rows of a thread. */
@inline
export function factorBytes(rows: i32, H: i32): usize {
  return ((<usize>rows * <usize>H + FACTORS_SLACK + 15) & ~15) << 2;
}

/** The recurrent masks of rows from begin to end, [rows,H]; 0 without recurrent dropout. */
export function recurrentMask(
  to: usize,
  key: usize,
  stream: u32,
  threshold: u32,
  scale: f32,
  H: i32,
  begin: i32,
  end: i32,
): usize {
  return scale == 0 ? 0 : dropoutFactors(to, begin * H, (end - begin) * H, key, stream, threshold, scale);
}

/** The mask of the outputs of batch row n at step t; 0 without dropout. */
@inline
export function outputMask(
  to: usize,
  key: usize,
  stream: u32,
  threshold: u32,
  scale: f32,
  row: i32,
  H: i32,
): usize {
  return scale == 0 ? 0 : dropoutFactors(to, row * H, H, key, stream, threshold, scale);
}

/** Bytes of scratch that a thread needs for a recurrent call of these sizes. */
export function recurrent_scratch(gates: i32, rows: i32, H: i32): usize {
  // The weight in panels, forward [H,G·H] or backward [G·H,H], in two parts for a GRU; the masks of
  // its rows, of one row, and a product [rows,H].
  const weight = max(packedBytes(H, gates * H), packedBytes(gates * H, H)) + ((<usize>H << 2) * 16);
  return weight + 2 * factorBytes(rows, H) + factorBytes(1, H) + 64;
}

/** Makes a weight [columns,K] ready for `stateProduct`: packed in scratch, or as it is. */
export function readyWeight(to: usize, weight: usize, K: i32, columns: i32, rows: i32): usize {
  if (rows <= FEW_ROWS) return weight;
  packAll(to, weight, <usize>K << 2, true, K, columns);
  return to;
}

/** c = from + a·Wᵀ for the rows of a thread, with the weight from `readyWeight`. */
@inline
export function stateProduct(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  weight: usize,
  K: i32,
  rows: i32,
  columns: i32,
  all: i32,
): void {
  if (all <= FEW_ROWS)
    multiplyDots(c, rowC, from, rowFrom, a, rowA, weight, <usize>K << 2, K, rows, columns);
  else multiplyPacked(c, rowC, from, rowFrom, a, rowA, weight, K, rows, columns);
}

/** Makes a weight [K,columns] ready for `gradientProduct`. */
export function readyGradient(to: usize, weight: usize, K: i32, columns: i32, rows: i32): usize {
  if (rows <= FEW_ROWS) return weight;
  packAll(to, weight, <usize>columns << 2, false, K, columns);
  return to;
}

/** c = from + a·W for the rows of a thread, with the weight from `readyGradient`. */
@inline
export function gradientProduct(
  c: usize,
  rowC: usize,
  from: usize,
  rowFrom: usize,
  a: usize,
  rowA: usize,
  weight: usize,
  K: i32,
  rows: i32,
  columns: i32,
  all: i32,
): void {
  if (all <= FEW_ROWS)
    multiplyInPlace(c, rowC, from, rowFrom, a, rowA, weight, <usize>columns << 2, K, rows, columns);
  else multiplyPacked(c, rowC, from, rowFrom, a, rowA, weight, K, rows, columns);
}
