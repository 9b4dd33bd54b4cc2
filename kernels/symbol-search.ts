import { exp, log } from './lib/functions';
import { all, first, mul, sub, sum4Double } from './lib/vector';
import { exponentials, largestOf } from './softmax';

// Choosing symbols: ops beam, nucleus and force_ids. The constants are those of
// src/core/generation-constants.ts, which this language cannot import.

/** Marks a row without a forced id. */
const NONE: u32 = 0xffffffff;
/** Score of a hypothesis that has ended; live hypotheses have scores above LEAST. */
const ENDED: f32 = -3e38;
const LEAST: f32 = -1e30;
/** The logit of a symbol that may not be chosen. */
const NEVER: f32 = -3e38;

/** id[r] = forced[r] unless that is NONE; chosen[r] = id[r]. */
export function force_ids(forced: usize, id: usize, chosen: usize, begin: i32, end: i32): void {
  for (let r = <usize>begin << 2; r < <usize>end << 2; r += 4) {
    const symbol = load<u32>(forced + r);
    if (symbol != NONE) store<u32>(id + r, symbol);
    store<u32>(chosen + r, load<u32>(id + r));
  }
}

@inline
function at(x: usize, i: i32): f32 {
  return load<f32>(x + (<usize>i << 2));
}

/** Moves element i of a heap of n, whose smallest is on top, to its place. */
function sift(x: usize, i: i32, n: i32): void {
  const value = at(x, i);
  while (true) {
    let child = 2 * i + 1;
    if (child >= n) break;
    if (child + 1 < n && at(x, child + 1) < at(x, child)) child++;
    if (at(x, child) >= value) break;
    store<f32>(x + (<usize>i << 2), at(x, child));
    i = child;
  }
  store<f32>(x + (<usize>i << 2), value);
}

/** Sorts n numbers, the largest first. */
function sortDown(x: usize, n: i32): void {
  for (let i = n / 2 - 1; i >= 0; i--) sift(x, i, n);
  for (let last = n - 1; last > 0; last--) {
    const least = at(x, 0);
    store<f32>(x, at(x, last));
    store<f32>(x + (<usize>last << 2), least);
    sift(x, 0, last);
  }
}

/** Four of exp((x − largest)/temperature), zeros from `left` on. */
@inline
function weights(x: usize, largest: f32, inverse: f32, left: i32): v128 {
  return first(exp(mul(sub(v128.load(x), all(largest)), all(inverse))), left);
}

/** y = x for the likeliest symbols that reach p, else NEVER. Formula: src/ops/nucleus. */
export function nucleus(x: usize, limits: usize, y: usize, V: i32, begin: i32, end: i32): void {
  const inverse: f32 = 1 / load<f32>(limits);
  const k = <i32>load<f32>(limits, 4);
  for (let r = <usize>begin; r < <usize>end; r++) {
    const from = x + ((r * <usize>V) << 2);
    const to = y + ((r * <usize>V) << 2);
    memory.copy(to, from, <usize>V << 2);
    sortDown(to, V);
    let among = V;
    if (k > 0 && k < V) for (among = k; among < V && at(to, among) == at(to, k - 1); ) among++;
    const largest = at(to, 0);
    let wanted: f64 = 0;
    for (let v = 0; v < among; v += 4)
      wanted += sum4Double(weights(to + (<usize>v << 2), largest, inverse, among - v));
    wanted *= <f64>load<f32>(limits, 8);
    let sum: f64 = 0;
    let kept = 0;
    while (kept < among && sum < wanted) {
      sum += <f64>f32x4.extract_lane(weights(to + ((<usize>kept) << 2), largest, inverse, 1), 0);
      kept++;
    }
    const threshold = at(to, max(0, kept - 1));
    for (let v = 0; v < V; v++)
      store<f32>(to + (<usize>v << 2), at(from, v) >= threshold ? at(from, v) : NEVER);
  }
}

/** Formula: src/ops/beam; rows of [N]. `parent` holds log Σ exp(logits) until the parents are known. */
export function beam(
  logits: usize,
  ids: usize,
  forced: usize,
  score: usize,
  id: usize,
  parent: usize,
  chosen: usize,
  total: usize,
  N: i32,
  B: i32,
  V: i32,
  endSymbol: u32,
  begin: i32,
  end: i32,
): void {
  const parents = chosen + (<usize>(N * B) << 2);
  for (let n = begin; n < end; n++) {
    const symbol = load<u32>(forced + (<usize>n << 2));
    const isForced = symbol != NONE;
    const row = n * B;
    for (let b = row; b < row + B && !isForced; b++) {
      const x = logits + ((<usize>b * <usize>V) << 2);
      const largest = largestOf(x, V);
      store<f32>(parents + (<usize>b << 2), largest + <f32>log(exponentials(0, x, largest, V)));
    }
    const candidates = isForced ? B : B * B;
    let before: f64 = Infinity;
    let place = -1;
    for (let j = row; j < row + B; j++) {
      // The best candidate after the last one: smaller, or equal and later.
      let best: f64 = -Infinity;
      let found = -1;
      for (let c = 0; c < candidates; c++) {
        const b = row + (isForced ? c : c / B);
        let sum = <f64>at(score, b);
        if (!isForced) {
          const choice = load<i32>(ids + (<usize>(row * B + c) << 2));
          sum += <f64>load<f32>(logits + ((<usize>b * <usize>V + <usize>choice) << 2)) - <f64>at(parents, b);
        }
        if (sum > <f64>LEAST && (sum < before || (sum == before && c > place)) && sum > best) {
          best = sum;
          found = c;
        }
      }
      const e = <usize>j << 2;
      store<f32>(total + e, found < 0 ? ENDED : <f32>best);
      const next = isForced ? symbol : load<u32>(ids + (<usize>(row * B + max(0, found)) << 2));
      store<u32>(id + e, found < 0 ? 0 : next);
      store<u32>(parent + e, found < 0 ? row : row + (isForced ? found : found / B));
      if (found < 0) before = -Infinity;
      else {
        before = best;
        place = found;
      }
    }
    for (let e = <usize>row << 2; e < <usize>(row + B) << 2; e += 4) {
      const next = load<u32>(id + e);
      store<f32>(score + e, next == endSymbol ? ENDED : load<f32>(total + e));
      store<u32>(chosen + e, next);
      store<u32>(parents + e, load<u32>(parent + e));
    }
  }
}
