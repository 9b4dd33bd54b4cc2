import { add, all, flush, madd, mul, put, squared, sub } from './lib/vector';

// Optimizers over elements from `begin` to `end` of the arena. Formulas: src/ops/adam and its
// neighbours. A report whose third number is 0 changes nothing.

let factor: v128 = f32x4.splat(0);
let limit: v128 = f32x4.splat(0);
let decay: v128 = f32x4.splat(0);

/** Reads the numbers that all optimizers share; returns false where the step must be skipped. */
function begins(report: usize, clipValue: f32, weightDecay: f32): bool {
  if (load<f32>(report, 8) == 0) return false;
  factor = all(load<f32>(report, 12));
  limit = all(clipValue > 0 ? clipValue : Infinity);
  decay = all(weightDecay);
  return true;
}

/** The gradient, scaled and clipped, with weight decay. */
@inline
function gradientOf(gradients: usize, w: v128): v128 {
  const g = mul(factor, v128.load(gradients));
  return madd(decay, w, f32x4.min(limit, f32x4.max(f32x4.neg(limit), g)));
}

export function sgd_update(
  parameters: usize,
  gradients: usize,
  report: usize,
  hyper: usize,
  velocity: usize,
  momentum: f32,
  nesterov: bool,
  weightDecay: f32,
  clipValue: f32,
  begin: i32,
  end: i32,
): void {
  if (!begins(report, clipValue, weightDecay)) return;
  const rate = all(load<f32>(hyper));
  const share = all(load<f32>(hyper, 4));
  const keep = all(momentum);
  for (let i = begin; i < end; i += 4) {
    const e = <usize>i << 2;
    const w = v128.load(parameters + e);
    const g = gradientOf(gradients + e, w);
    let step = g;
    if (velocity) {
      const v = flush(madd(keep, v128.load(velocity + e), mul(share, g)));
      put(velocity + e, v, end - i);
      step = nesterov ? madd(keep, v, g) : v;
    }
    put(parameters + e, sub(w, mul(rate, step)), end - i);
  }
}

export function adagrad_update(
  parameters: usize,
  gradients: usize,
  report: usize,
  hyper: usize,
  sum: usize,
  epsilon: f32,
  epsilonInside: bool,
  weightDecay: f32,
  clipValue: f32,
  begin: i32,
  end: i32,
): void {
  if (!begins(report, clipValue, weightDecay)) return;
  const rate = all(load<f32>(hyper));
  const inside = all(epsilonInside ? epsilon : 0);
  const outside = all(epsilonInside ? 0 : epsilon);
  for (let i = begin; i < end; i += 4) {
    const e = <usize>i << 2;
    const w = v128.load(parameters + e);
    const g = gradientOf(gradients + e, w);
    const m = flush(add(squared(g), v128.load(sum + e)));
    put(sum + e, m, end - i);
    const root = add(f32x4.sqrt(add(m, inside)), outside);
    put(parameters + e, sub(w, f32x4.div(mul(rate, g), root)), end - i);
  }
}

export function rmsprop_update(
  parameters: usize,
  gradients: usize,
  report: usize,
  hyper: usize,
  square: usize,
  keep: f32,
  rest: f32,
  epsilon: f32,
  weightDecay: f32,
  clipValue: f32,
  begin: i32,
  end: i32,
): void {
  if (!begins(report, clipValue, weightDecay)) return;
  const rate = all(load<f32>(hyper));
  for (let i = begin; i < end; i += 4) {
    const e = <usize>i << 2;
    const w = v128.load(parameters + e);
    const g = gradientOf(gradients + e, w);
    const m = flush(madd(all(keep), v128.load(square + e), mul(all(rest), squared(g))));
    put(square + e, m, end - i);
    put(parameters + e, sub(w, f32x4.div(mul(rate, g), add(f32x4.sqrt(m), all(epsilon)))), end - i);
  }
}

export function adam_update(
  parameters: usize,
  gradients: usize,
  report: usize,
  hyper: usize,
  mean: usize,
  square: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  weightDecay: f32,
  decoupled: bool,
  clipValue: f32,
  begin: i32,
  end: i32,
): void {
  if (!begins(report, clipValue, decoupled ? 0 : weightDecay)) return;
  const rate = load<f32>(hyper);
  const corrected = all(<f32>(<f64>rate / <f64>load<f32>(hyper, 4)));
  const correction = all(load<f32>(hyper, 8));
  const shrink = all(<f32>(1 - <f64>rate * <f64>weightDecay));
  for (let i = begin; i < end; i += 4) {
    const e = <usize>i << 2;
    let w = v128.load(parameters + e);
    const g = gradientOf(gradients + e, w);
    if (decoupled) w = mul(w, shrink);
    const m = flush(madd(all(beta1), v128.load(mean + e), mul(all(rest1), g)));
    const v = flush(madd(all(beta2), v128.load(square + e), mul(all(rest2), squared(g))));
    put(mean + e, m, end - i);
    put(square + e, v, end - i);
    const root = add(f32x4.sqrt(f32x4.div(v, correction)), all(epsilon));
    put(parameters + e, sub(w, f32x4.div(mul(corrected, m), root)), end - i);
  }
}

/** Formula: src/ops/squared_norm, blocks from begin to end. */
export function squared_norm(x: usize, partial: usize, E: i32, span: i32, begin: i32, end: i32): void {
  for (let b = begin; b < end; b++) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let faults = i32x4.splat(0);
    const last = min(E, (b + 1) * span);
    for (let i = b * span; i < last; i += 4) {
      const value = v128.load(x + (<usize>i << 2));
    // x − x is 0 only for finite x.
      const finite = f32x4.eq(sub(value, value), all(0));
      const counted = v128.and(value, finite);
      const first = f64x2.promote_low_f32x4(counted);
      const second = f64x2.promote_low_f32x4(i32x4.shuffle(counted, counted, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(first, first));
      high = f64x2.add(high, f64x2.mul(second, second));
      faults = i32x4.add(faults, i32x4.add(finite, i32x4.splat(1)));
    }
    const sum = f64x2.add(low, high);
    const count =
      i32x4.extract_lane(faults, 0) +
      i32x4.extract_lane(faults, 1) +
      i32x4.extract_lane(faults, 2) +
      i32x4.extract_lane(faults, 3);
    store<f32>(partial + (<usize>b << 3), <f32>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
    store<f32>(partial + (<usize>b << 3), <f32>count, 4);
  }
}

/** Formula: src/ops/step_summary. */
export function step_summary(
  partial: usize,
  loss: usize,
  report: usize,
  B: i32,
  R: i32,
  clipNorm: f64,
  begin: i32,
  end: i32,
): void {
  if (begin >= end) return;
  let sum: f64 = 0;
  for (let r: usize = 0; r < <usize>R; r++) sum += <f64>load<f32>(loss + (r << 2));
  let squares: f64 = 0;
  let faults: f64 = 0;
  for (let b: usize = 0; b < <usize>B; b++) {
    squares += <f64>load<f32>(partial + (b << 3));
    faults += <f64>load<f32>(partial + (b << 3), 4);
  }
  const fits = isFinite<f32>(<f32>squares);
  const norm: f64 = fits ? sqrt<f64>(squares) : Infinity;
  const usable = fits && faults == 0;
  const clip: f64 = clipNorm > 0 ? min<f64>(1, clipNorm / (norm + 1e-6)) : 1;
  store<f32>(report, <f32>sum);
  store<f32>(report, <f32>norm, 4);
  store<f32>(report, usable ? 1 : 0, 8);
  store<f32>(report, usable ? <f32>clip : 0, 12);
}
