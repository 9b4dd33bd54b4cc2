import { exp, log1p } from './lib/functions';
import { add, all, first, flush, mul, put, sub, sum4Double } from './lib/vector';

/** Kinds of losses, with the same numbers as in src/ops/row_losses/native.ts. */
const SQUARED = 0;
const ABSOLUTE = 1;
const HUBER = 2;

/** −1, 0, 1 or NaN: a NaN must not become a gradient of zero. */
@inline
function sign(d: v128): v128 {
  const above = v128.and(all(1), f32x4.gt(d, all(0)));
  const below = v128.and(all(1), f32x4.lt(d, all(0)));
  return v128.bitselect(sub(above, below), d, f32x4.eq(d, d));
}

/**
 * loss[r] = Σ_c l(predictions[r,c], targets[r,c]). With `gradient`, the slopes · scale replace the
 * predictions. Rows past their length, and rows whose id is `symbols` or more, have loss 0 and gradient
 * 0. Formulas: src/ops/row_losses.
 */
export function row_losses(
  kind: i32,
  predictions: usize,
  targets: usize,
  lengths: usize,
  ids: usize,
  count: usize,
  loss: usize,
  N: i32,
  C: i32,
  attribute: f32,
  gradient: bool,
  symbols: u32,
  delta: f32,
  begin: i32,
  end: i32,
): void {
  const scale = all(count ? attribute / load<f32>(count) : attribute);
  const edge = all(delta);
  const half = all(0.5);
  for (let r = begin; r < end; r++) {
    const at = (<usize>r * <usize>C) << 2;
    const isPadding = lengths != 0 && <u32>(r / N) >= load<u32>(lengths + ((<usize>(r % N)) << 2));
    if (isPadding || (ids != 0 && load<u32>(ids + ((<usize>r) << 2)) >= symbols)) {
      store<f32>(loss + ((<usize>r) << 2), 0);
      if (gradient) memory.fill(predictions + at, 0, (<usize>C) << 2);
      continue;
    }
    let total: f64 = 0;
    for (let c = 0; c < C; c += 4) {
      const e = at + ((<usize>c) << 2);
      const p = v128.load(predictions + e);
      const y = v128.load(targets + e);
      let d = sub(p, y);
      const size = f32x4.abs(d);
      let value: v128;
      if (kind == SQUARED) {
        value = mul(d, d);
        d = add(d, d);
      } else if (kind == ABSOLUTE) {
        value = size;
        d = sign(d);
      } else if (kind == HUBER) {
        const near = f32x4.le(size, edge);
        value = v128.bitselect(mul(half, mul(d, d)), mul(edge, sub(size, mul(half, edge))), near);
        d = v128.bitselect(d, mul(edge, sign(d)), near);
      } else {
    // Both branches of the sigmoid use e^−|p|, which cannot overflow.
        const power = exp(f32x4.neg(f32x4.abs(p)));
        const part = f32x4.div(all(1), add(all(1), power));
        value = add(sub(f32x4.max(p, all(0)), mul(p, y)), log1p(power));
        d = sub(v128.bitselect(mul(power, part), part, f32x4.lt(p, all(0))), y);
      }
      total += sum4Double(first(value, C - c));
      if (gradient) put(predictions + e, flush(mul(d, scale)), C - c);
    }
    store<f32>(loss + ((<usize>r) << 2), <f32>total);
  }
}
