import { add, all, mul, put } from './lib/vector';

// Pooling over the steps of each batch row. Formulas: src/ops/pool_steps.

@inline
function stepsOf(lengths: usize, n: usize, T: i32): i32 {
  return lengths ? load<i32>(lengths + (n << 2)) : T;
}

/** y[n] = mean of x[t,n] over t < lengths[n]. */
export function mean_steps(
  x: usize,
  lengths: usize,
  y: usize,
  T: i32,
  N: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  const layer = <usize>N * row;
  for (let n = <usize>begin; n < <usize>end; n++) {
    const steps = stepsOf(lengths, n, T);
    const share = all(<f32>(1 / <f64>steps));
    for (let c = 0; c < C; c += 4) {
      let from = x + n * row + ((<usize>c) << 2);
      let sum = all(0);
      for (let t = steps; t > 0; t--) {
        sum = add(sum, v128.load(from));
        from += layer;
      }
      put(y + n * row + ((<usize>c) << 2), mul(sum, share), C - c);
    }
  }
}

/** dx[t,n] = or += dy[n]/lengths[n] for t < lengths[n], else 0; rows of [T·N]. */
export function mean_steps_backward(
  lengths: usize,
  dy: usize,
  dx: usize,
  T: i32,
  N: i32,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let r = begin; r < end; r++) {
    const n = <usize>(r % N);
    const steps = stepsOf(lengths, n, T);
    const to = dx + <usize>r * row;
    if (r / N >= steps) {
      if (!accumulate) memory.fill(to, 0, row);
      continue;
    }
    const share = all(<f32>(1 / <f64>steps));
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let d = mul(v128.load(dy + n * row + e), share);
      if (accumulate) d = add(d, v128.load(to + e));
      put(to + e, d, C - c);
    }
  }
}

/** y[n] = the largest x[t,n] over t < lengths[n], place[n] = the first such step. */
export function max_steps(
  x: usize,
  lengths: usize,
  y: usize,
  place: usize,
  T: i32,
  N: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let n = <usize>begin; n < <usize>end; n++) {
    const steps = stepsOf(lengths, n, T);
    for (let c = 0; c < C; c += 4) {
      const e = n * row + ((<usize>c) << 2);
      let best = v128.load(x + e);
      let where = i32x4.splat(0);
      for (let t = 1; t < steps; t++) {
        const value = v128.load(x + <usize>t * <usize>N * row + e);
        const larger = f32x4.gt(value, best);
        best = v128.bitselect(value, best, larger);
        where = v128.bitselect(i32x4.splat(t), where, larger);
      }
      put(y + e, best, C - c);
      put(place + e, where, C - c);
    }
  }
}

/** dx[t,n] = or += dy[n] where t is the step of the largest; rows of [T·N]. */
export function max_steps_backward(
  place: usize,
  dy: usize,
  dx: usize,
  N: i32,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let r = begin; r < end; r++) {
    const t = i32x4.splat(r / N);
    const from = <usize>(r % N) * row;
    const to = dx + <usize>r * row;
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let d = v128.and(v128.load(dy + from + e), i32x4.eq(v128.load(place + from + e), t));
      if (accumulate) d = add(d, v128.load(to + e));
      put(to + e, d, C - c);
    }
  }
}
