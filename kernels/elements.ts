import { sigmoid, tanh } from './lib/functions';
import { dropoutFactors, FACTORS_SLACK } from './lib/random';
import { add, all, flush, madd, mul, put, rest, sub } from './lib/vector';

// Ops over elements from `begin` to `end`. src/ops/lib/native.ts numbers the functions alike.

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
        // The comparison is false for NaN, which stays.
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

/** dy·y/b, negative: the gradient of a divisor. */
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

/** Elements whose factors are made at a time. */
const CHUNK: i32 = 1024;

/** Bytes of scratch that `dropout` needs. */
export function dropout_scratch(): usize {
  return (<usize>(CHUNK + FACTORS_SLACK)) << 2;
}

/** y = or += mask ⊙ x; what is dropped is 0, whatever x holds. */
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

/** Formula: src/ops/multiply_adds. */
export function multiply_adds(x: usize, y: usize, rounds: i32, begin: i32, end: i32): void {
  const m = all(0.75);
  const c = all(0.125);
  for (let i = begin; i < end; i += 4) {
    const e = (<usize>i) << 2;
    let a0 = v128.load(x + e);
    let a1 = add(a0, all(0.125)),
      a2 = add(a0, all(0.25)),
      a3 = add(a0, all(0.375));
    let a4 = add(a0, all(0.5)),
      a5 = add(a0, all(0.625)),
      a6 = add(a0, all(0.75)),
      a7 = add(a0, all(0.875));
    for (let round = rounds; round > 0; round--) {
      a0 = madd(a0, m, c);
      a1 = madd(a1, m, c);
      a2 = madd(a2, m, c);
      a3 = madd(a3, m, c);
      a4 = madd(a4, m, c);
      a5 = madd(a5, m, c);
      a6 = madd(a6, m, c);
      a7 = madd(a7, m, c);
    }
    put(y + e, add(add(add(a0, a1), add(a2, a3)), add(add(a4, a5), add(a6, a7))), end - i);
  }
}
