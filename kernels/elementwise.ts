import { sigmoid, tanh } from './lib/functions';
import { dropoutFactors, FACTORS_SLACK } from './lib/random';
import { add, all, flush, madd, mul, put, rest, sub } from './lib/vector';

// Ops over elements from `begin` to `end`. src/ops/lib/native-calls.ts has the same numbers of functions.

/** Functions of one or two operands a, b and two numbers s, t. */
const ADD = 0;
const MULTIPLY = 1;
const DIVIDE = 2;
const AFFINE = 3;
const TANH = 4;
const SIGMOID = 5;
const RELU = 6;
const TANH_SLOPE = 7;
const SIGMOID_SLOPE = 8;
const RELU_SLOPE = 9;
const SUBTRACT = 10;
const FILL = 11;

/** y = or += f(a, b). The slopes take a = dy and b = y. */
export function elements(
  kind: i32,
  a: usize,
  b: usize,
  s: f32,
  t: f32,
  y: usize,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i += 4) {
    const e = (<usize>i) << 2;
    const x = v128.load(a + e);
    const z = v128.load(b + e);
    let f: v128;
    switch (kind) {
      case ADD:
        f = add(x, z);
        break;
      case MULTIPLY:
        f = flush(mul(x, z));
        break;
      case DIVIDE:
        f = flush(f32x4.div(x, z));
        break;
      case AFFINE:
        f = madd(x, all(s), all(t));
        break;
      case TANH:
        f = tanh(x);
        break;
      case SIGMOID:
        f = sigmoid(x);
        break;
      case RELU:
        // The comparison is false for NaN, so NaN stays.
        f = v128.andnot(x, f32x4.lt(x, all(0)));
        break;
      case TANH_SLOPE:
        f = flush(mul(x, rest(mul(z, z))));
        break;
      case SIGMOID_SLOPE:
        f = flush(mul(x, mul(z, rest(z))));
        break;
      case RELU_SLOPE:
        f = v128.and(x, f32x4.gt(z, all(0)));
        break;
      case SUBTRACT:
        f = sub(x, z);
        break;
      case FILL:
        f = all(t);
        break;
      default:
        f = x;
    }
    if (accumulate) f = add(f, v128.load(y + e));
    put(y + e, f, end - i);
  }
}

/** −dy·y/b: the gradient of a divisor. */
export function divisor_gradient(
  dy: usize,
  y: usize,
  b: usize,
  db: usize,
  accumulate: bool,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i += 4) {
    const e = (<usize>i) << 2;
    let f = f32x4.div(f32x4.neg(mul(v128.load(dy + e), v128.load(y + e))), v128.load(b + e));
    if (accumulate) f = add(f, v128.load(db + e));
    put(db + e, f, end - i);
  }
}

/** Elements whose factors are computed at a time. */
const CHUNK: i32 = 1024;

/** Bytes of scratch that `dropout` needs. */
export function dropout_scratch(): usize {
  return (<usize>(CHUNK + FACTORS_SLACK)) << 2;
}

/** y = or += mask ⊙ x; a dropped element is 0 even where x is NaN or infinite. */
export function dropout(
  x: usize,
  key: usize,
  y: usize,
  stream: u32,
  threshold: u32,
  scale: f32,
  accumulate: bool,
  scratch: usize,
  begin: i32,
  end: i32,
): void {
  for (let i = begin; i < end; i += CHUNK) {
    const count = min(CHUNK, end - i);
    const factors = dropoutFactors(scratch, i, count, key, stream, threshold, scale);
    for (let j = 0; j < count; j += 4) {
      const e = (<usize>(i + j)) << 2;
      const factor = v128.load(factors + ((<usize>j) << 2));
      let f = v128.and(mul(factor, v128.load(x + e)), f32x4.ne(factor, all(0)));
      if (accumulate) f = add(f, v128.load(y + e));
      put(y + e, f, count - j);
    }
  }
}

/**
 * Formula: src/ops/multiply_adds. It keeps twelve sums, four of each of three vectors: where a product
 * and its sum are two instructions, eight sums would wait for each other.
 */
export function multiply_adds(
  x: usize,
  y: usize,
  rounds: i32,
  factor: f32,
  added: f32,
  begin: i32,
  end: i32,
): void {
  const m = all(factor);
  const d = all(added);
  for (let i = begin; i < end; i += 12) {
    const from = x + ((<usize>i) << 2);
    const to = y + ((<usize>i) << 2);
    const left = end - i;
    for (let part = 0; part < 2; part++) {
      const first = part == 0 ? all(0) : all(0.5);
      let a0 = add(v128.load(from), first);
      let b0 = left > 4 ? add(v128.load(from, 16), first) : a0;
      let c0 = left > 8 ? add(v128.load(from, 32), first) : a0;
      let a1 = add(a0, d), a2 = add(a1, d), a3 = add(a2, d);
      let b1 = add(b0, d), b2 = add(b1, d), b3 = add(b2, d);
      let c1 = add(c0, d), c2 = add(c1, d), c3 = add(c2, d);
      for (let round = rounds; round > 0; round--) {
        a0 = madd(a0, m, d);
        b0 = madd(b0, m, d);
        c0 = madd(c0, m, d);
        a1 = madd(a1, m, d);
        b1 = madd(b1, m, d);
        c1 = madd(c1, m, d);
        a2 = madd(a2, m, d);
        b2 = madd(b2, m, d);
        c2 = madd(c2, m, d);
        a3 = madd(a3, m, d);
        b3 = madd(b3, m, d);
        c3 = madd(c3, m, d);
      }
      a0 = add(add(a0, a1), add(a2, a3));
      b0 = add(add(b0, b1), add(b2, b3));
      c0 = add(add(c0, c1), add(c2, c3));
      if (part > 0) {
        a0 = add(v128.load(to), a0);
        if (left > 4) b0 = add(v128.load(to, 16), b0);
        if (left > 8) c0 = add(v128.load(to, 32), c0);
      }
      put(to, a0, left);
      if (left > 4) put(to + 16, b0, left - 4);
      if (left > 8) put(to + 32, c0, left - 8);
    }
  }
}
