import { exp, log } from './lib/functions';
import { add, all, first, flush, max4, mul, put, sub, sum4Double } from './lib/vector';

/** Vectors whose single-precision sum is added to a double-precision sum. */
const SUMMED: i32 = 64;

/** The largest of V numbers; NaN if one is. */
export function largestOf(x: usize, V: i32): f32 {
  let most = all(-Infinity);
  let v = 0;
  for (; v + 4 <= V; v += 4) most = f32x4.max(most, v128.load(x + ((<usize>v) << 2)));
  let largest = max4(most);
  for (; v < V; v++) largest = max<f32>(largest, load<f32>(x + ((<usize>v) << 2)));
  return largest;
}

/** y = exp(x − largest) for V numbers, unless `y` is 0; returns their sum. */
export function exponentials(y: usize, x: usize, largest: f32, V: i32): f64 {
  let total: f64 = 0;
  const most = all(largest);
  for (let begin = 0; begin < V; begin += 4 * SUMMED) {
    const end = min(V, begin + 4 * SUMMED);
    let sum = all(0);
    for (let v = begin; v < end; v += 4) {
      const e = (<usize>v) << 2;
      const left = end - v;
    // Lanes past the end of the row are zero.
      const power = first(exp(sub(v128.load(x + e), most)), left);
      sum = add(sum, power);
      if (y) put(y + e, power, left);
    }
    total += sum4Double(sum);
  }
  return total;
}

/**
 * loss[r] = hit·(lse − logits[r,targets[r]]) + Σ_v spread_v·(lse − logits[r,v]). With `gradient`, its
 * gradient · scale replaces the logits. A target of V or more leaves the row out. Formula:
 * src/ops/softmax_cross_entropy.
 * @param weights of the classes; 0 where all are 1
 */
export function softmax_cross_entropy(
  logits: usize,
  targets: usize,
  loss: usize,
  V: i32,
  attribute: f32,
  count: usize,
  weights: usize,
  smoothing: f64,
  gradient: bool,
  begin: i32,
  end: i32,
): void {
  const scale: f64 = <f64>attribute / (count ? <f64>load<f32>(count) : 1);
  const share: f64 = smoothing / <f64>V;
  const row = (<usize>V) << 2;
  for (let r = <usize>begin; r < <usize>end; r++) {
    const x = logits + r * row;
    const target = load<u32>(targets + (r << 2));
    if (target >= <u32>V) {
      store<f32>(loss + (r << 2), 0);
      if (gradient) memory.fill(x, 0, row);
      continue;
    }
    const place = x + ((<usize>target) << 2);
    const hit: f64 = (1 - smoothing) * (weights ? <f64>load<f32>(weights + ((<usize>target) << 2)) : 1);
    const largest = largestOf(x, V);
    const own: f64 = hit * (<f64>largest - <f64>load<f32>(place));
    let weight = hit;
    let spread: f64 = 0;
    for (let v: usize = 0; share > 0 && v < row; v += 4) {
      const part: f64 = share * (weights ? <f64>load<f32>(weights + v) : 1);
      weight += part;
      spread += part * (<f64>largest - <f64>load<f32>(x + v));
    }
    const sum = exponentials(gradient ? x : 0, x, largest, V);
    const value: f64 = sum > 0 && sum < Infinity ? log(sum) : sum == 0 ? -Infinity : sum;
    store<f32>(loss + (r << 2), <f32>(weight * value + own + spread));
    if (!gradient) continue;
    const factor = all(<f32>((scale * weight) / sum));
    const less = all(<f32>(scale * share));
    for (let v = 0; v < V; v += 4) {
      const e = (<usize>v) << 2;
      let change = flush(mul(v128.load(x + e), factor));
      if (share > 0) change = sub(change, weights ? mul(less, v128.load(weights + e)) : less);
      put(x + e, change, V - v);
    }
    store<f32>(place, <f32>(<f64>load<f32>(place) - scale * hit));
  }
}

/** y = softmax(x) over the first `length` of V numbers, and 0 in the others. */
export function softmaxRow(x: usize, y: usize, length: i32, V: i32): void {
  const sum = exponentials(y, x, largestOf(x, length), length);
  const factor = all(<f32>(1 / sum));
  for (let v = 0; v < length; v += 4) {
    const e = y + ((<usize>v) << 2);
    put(e, flush(mul(v128.load(e), factor)), length - v);
  }
  memory.fill(y + ((<usize>length) << 2), 0, (<usize>(V - length)) << 2);
}

/** Number of positions of row r that count: lengths[r % N], or V. */
@inline
function lengthOf(lengths: usize, r: i32, N: i32, V: i32): i32 {
  return lengths ? load<i32>(lengths + ((<usize>(r % N)) << 2)) : V;
}

/** y[r] = softmax(x[r]) over the first lengths[r % N] positions. */
export function softmax_forward(
  x: usize,
  y: usize,
  V: i32,
  lengths: usize,
  N: i32,
  begin: i32,
  end: i32,
): void {
  for (let r = begin; r < end; r++) {
    const at = (<usize>r * <usize>V) << 2;
    softmaxRow(x + at, y + at, lengthOf(lengths, r, N, V), V);
  }
}

/** dx[r] = y[r] ⊙ (dy[r] − Σ y[r]·dy[r]) over the first lengths[r % N] positions, and 0 in the others. */
export function softmax_backward(
  y: usize,
  dy: usize,
  dx: usize,
  V: i32,
  lengths: usize,
  N: i32,
  begin: i32,
  end: i32,
): void {
  for (let r = begin; r < end; r++) {
    const at = (<usize>r * <usize>V) << 2;
    const length = lengthOf(lengths, r, N, V);
    let dot: f64 = 0;
    for (let v = 0; v < length; v++) {
      const e = at + ((<usize>v) << 2);
      dot += <f64>load<f32>(y + e) * <f64>load<f32>(dy + e);
    }
    const less = all(<f32>dot);
    for (let v = 0; v < length; v += 4) {
      const e = at + ((<usize>v) << 2);
      put(dx + e, flush(mul(v128.load(y + e), sub(v128.load(dy + e), less))), length - v);
    }
    memory.fill(dx + at + ((<usize>length) << 2), 0, (<usize>(V - length)) << 2);
  }
}
