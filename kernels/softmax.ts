import { exp, log } from './lib/functions';
import { add, all, flush, max4, mul, put, sub, sum4Double } from './lib/vector';

/** Vectors that are summed in single precision before their sum joins a double one. */
const SUMMED: i32 = 64;

/** The largest of V numbers; NaN if one is. */
function largestOf(x: usize, V: i32): f32 {
  let most = all(-Infinity);
  let v = 0;
  for (; v + 4 <= V; v += 4) most = f32x4.max(most, v128.load(x + ((<usize>v) << 2)));
  let largest = max4(most);
  for (; v < V; v++) largest = max<f32>(largest, load<f32>(x + ((<usize>v) << 2)));
  return largest;
}

/** y = exp(x − largest) for V numbers, unless `y` is 0; returns their sum. */
function exponentials(y: usize, x: usize, largest: f32, V: i32): f64 {
  let total: f64 = 0;
  const most = all(largest);
  for (let begin = 0; begin < V; begin += 4 * SUMMED) {
    const end = min(V, begin + 4 * SUMMED);
    let sum = all(0);
    for (let v = begin; v < end; v += 4) {
      const e = (<usize>v) << 2;
      let power = exp(sub(v128.load(x + e), most));
      const left = end - v;
      if (left < 4) {
        // Lanes past the end of the row count nothing.
        if (left < 2) power = f32x4.replace_lane(power, 1, 0);
        if (left < 3) power = f32x4.replace_lane(power, 2, 0);
        power = f32x4.replace_lane(power, 3, 0);
      }
      sum = add(sum, power);
      if (y) put(y + e, power, left);
    }
    total += sum4Double(sum);
  }
  return total;
}

/**
 * loss[r] = log Σ exp(logits[r]) − logits[r,targets[r]]; with `gradient` logits become
 * (softmax − onehot) · scale. A target from V on leaves the row out.
 */
export function softmax_cross_entropy(
  logits: usize,
  targets: usize,
  loss: usize,
  V: i32,
  attribute: f32,
  count: usize,
  gradient: bool,
  begin: i32,
  end: i32,
): void {
  const scale: f32 = count ? attribute / load<f32>(count) : attribute;
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
    const largest = largestOf(x, V);
    const own = load<f32>(place);
    const sum = exponentials(gradient ? x : 0, x, largest, V);
    const value: f64 = sum > 0 && sum < Infinity ? log(sum) : sum == 0 ? -Infinity : sum;
    store<f32>(loss + (r << 2), <f32>(value + <f64>largest - <f64>own));
    if (!gradient) continue;
    const factor = all(<f32>(<f64>scale / sum));
    for (let v = 0; v < V; v += 4) {
      const e = x + ((<usize>v) << 2);
      put(e, flush(mul(v128.load(e), factor)), V - v);
    }
    store<f32>(place, load<f32>(place) - scale);
  }
}

/** y[r] = softmax(x[r]). */
export function softmax_forward(x: usize, y: usize, V: i32, begin: i32, end: i32): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = (r * <usize>V) << 2;
    const sum = exponentials(y + at, x + at, largestOf(x + at, V), V);
    const factor = all(<f32>(1 / sum));
    for (let v = 0; v < V; v += 4) {
      const e = y + at + ((<usize>v) << 2);
      put(e, flush(mul(v128.load(e), factor)), V - v);
    }
  }
}

/** dx[r] = y[r] ⊙ (dy[r] − Σ y[r]·dy[r]). */
export function softmax_backward(y: usize, dy: usize, dx: usize, V: i32, begin: i32, end: i32): void {
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = (r * <usize>V) << 2;
    let dot: f64 = 0;
    for (let v = 0; v < V; v++) {
      const e = at + ((<usize>v) << 2);
      dot += <f64>load<f32>(y + e) * <f64>load<f32>(dy + e);
    }
    const less = all(<f32>dot);
    for (let v = 0; v < V; v += 4) {
      const e = at + ((<usize>v) << 2);
      put(dx + e, flush(mul(v128.load(y + e), sub(v128.load(dy + e), less))), V - v);
    }
  }
}
