import { add, all, first, flush, madd, mul, put, sub, sum4Double } from './lib/vector';

/** y[r] = (x[r] − mean)·rstd·weight + bias, statistics[r] = (mean, rstd). Formula: src/ops/layer_norm. */
export function layer_norm_forward(
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  statistics: usize,
  C: i32,
  epsilon: f64,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let r = <usize>begin; r < <usize>end; r++) {
    const from = x + r * row;
    let sum: f64 = 0;
    for (let c = 0; c < C; c += 4) sum += sum4Double(first(v128.load(from + ((<usize>c) << 2)), C - c));
    const mean: f64 = sum / <f64>C;
    const middle = all(<f32>mean);
    sum = 0;
    for (let c = 0; c < C; c += 4) {
      const d = first(sub(v128.load(from + ((<usize>c) << 2)), middle), C - c);
      sum += sum4Double(mul(d, d));
    }
    const rstd: f64 = 1 / sqrt<f64>(sum / <f64>C + epsilon);
    const factor = all(<f32>rstd);
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let z = mul(sub(v128.load(from + e), middle), factor);
      if (weight) z = mul(z, v128.load(weight + e));
      if (bias) z = add(z, v128.load(bias + e));
      put(y + r * row + e, z, C - c);
    }
    store<f32>(statistics + (r << 3), <f32>mean);
    store<f32>(statistics + (r << 3), <f32>rstd, 4);
  }
}

/** dx[r] = or += rstd·(g − mean of g − z·mean of g ⊙ z), with z = (x − mean)·rstd and g = dy ⊙ weight. */
export function layer_norm_backward(
  x: usize,
  weight: usize,
  dy: usize,
  statistics: usize,
  dx: usize,
  C: i32,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let r = <usize>begin; r < <usize>end; r++) {
    const at = r * row;
    const middle = v128.load_splat<f32>(statistics + (r << 3));
    const factor = v128.load_splat<f32>(statistics + (r << 3), 4);
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let g = v128.load(dy + at + e);
      if (weight) g = mul(g, v128.load(weight + e));
      g = first(g, C - c);
      sum += sum4Double(g);
      product += sum4Double(first(mul(g, mul(sub(v128.load(x + at + e), middle), factor)), C - c));
    }
    const shift = all(<f32>(sum / <f64>C));
    const slope = all(<f32>(product / <f64>C));
    for (let c = 0; c < C; c += 4) {
      const e = (<usize>c) << 2;
      let g = v128.load(dy + at + e);
      if (weight) g = mul(g, v128.load(weight + e));
      const z = mul(sub(v128.load(x + at + e), middle), factor);
      let d = flush(mul(factor, sub(sub(g, shift), mul(z, slope))));
      if (accumulate) d = add(d, v128.load(dx + at + e));
      put(dx + at + e, d, C - c);
    }
  }
}

/** dweight[c] = or += Σ_r dy[r,c]·z[r,c], for columns from begin to end. */
export function layer_norm_weight(
  x: usize,
  dy: usize,
  statistics: usize,
  dweight: usize,
  accumulate: bool,
  R: i32,
  C: i32,
  begin: i32,
  end: i32,
): void {
  const row = (<usize>C) << 2;
  for (let c = begin; c < end; c += 4) {
    const e = (<usize>c) << 2;
    let sum = all(0);
    for (let r: usize = 0; r < <usize>R; r++) {
      const middle = v128.load_splat<f32>(statistics + (r << 3));
      const factor = v128.load_splat<f32>(statistics + (r << 3), 4);
      const z = mul(sub(v128.load(x + r * row + e), middle), factor);
      sum = madd(v128.load(dy + r * row + e), z, sum);
    }
    if (accumulate) sum = add(sum, v128.load(dweight + e));
    put(dweight + e, sum, end - c);
  }
}
