import { add, all, madd, mul } from './vector';

/**
 * eˣ, relative error 8e-8. Zero below −87, where the result would be denormal; infinite above 88.7.
 * x = k·ln 2 + r, and a polynomial for eʳ (Cephes, expf).
 */
@inline
export function exp(x: v128): v128 {
  const k = f32x4.nearest(mul(x, all(1.44269504088896341)));
  // ln 2 in two parts; the product of the first with k is exact.
  let r = madd(k, all(-0.693359375), x);
  r = madd(k, all(2.12194440e-4), r);
  let p = madd(all(1.9875691500e-4), r, all(1.3981999507e-3));
  p = madd(p, r, all(8.3334519073e-3));
  p = madd(p, r, all(4.1665795894e-2));
  p = madd(p, r, all(1.6666665459e-1));
  p = madd(p, r, all(5.0000001201e-1));
  p = madd(p, mul(r, r), add(r, all(1)));
  // 2ᵏ as two factors, because 2¹²⁸ exceeds the range of exponents.
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.pmax(f32x4.pmin(k, all(128)), all(-126)));
  const half = i32x4.shr_s(whole, 1);
  const y = mul(mul(p, power(half)), power(i32x4.sub(whole, half)));
  const kept = v128.andnot(y, f32x4.lt(x, all(-87)));
  return v128.bitselect(all(Infinity), kept, f32x4.gt(x, all(88.72283)));
}

/** 2ᵏ for whole k from −126 to 127. */
@inline
function power(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** 1/(1 + e⁻ˣ), relative error 1.4e-7. */
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(all(1), add(all(1), exp(f32x4.neg(x))));
}

/**
 * tanh x, relative error 3e-7 also near zero: a quotient of polynomials, as in the library Eigen.
 * Beyond ±7.9 it is ±1.
 */
@inline
export function tanh(x: v128): v128 {
  const c = f32x4.pmax(f32x4.pmin(x, all(7.90531110763549805)), all(-7.90531110763549805));
  const s = mul(c, c);
  let p = madd(all(-2.76076847742355e-16), s, all(2.00018790482477e-13));
  p = madd(p, s, all(-8.60467152213735e-11));
  p = madd(p, s, all(5.12229709037114e-8));
  p = madd(p, s, all(1.48572235717979e-5));
  p = madd(p, s, all(6.37261928875436e-4));
  p = madd(p, s, all(4.89352455891786e-3));
  let q = madd(all(1.19825839466702e-6), s, all(1.18534705686654e-4));
  q = madd(q, s, all(2.26843463243900e-3));
  q = madd(q, s, all(4.89352518554385e-3));
  const y = f32x4.div(mul(c, p), q);
  return f32x4.pmax(f32x4.pmin(y, all(1)), all(-1));
}

/** ln(1 + x) for x from 0 to 1, relative error 2e-7: 2·(s + s³/3 + s⁵/5 + …) with s = x/(2 + x). */
@inline
export function log1p(x: v128): v128 {
  const s = f32x4.div(x, add(x, all(2)));
  const s2 = mul(s, s);
  let sum = madd(all(1.0 / 15), s2, all(1.0 / 13));
  sum = madd(sum, s2, all(1.0 / 11));
  sum = madd(sum, s2, all(1.0 / 9));
  sum = madd(sum, s2, all(1.0 / 7));
  sum = madd(sum, s2, all(1.0 / 5));
  sum = madd(sum, s2, all(1.0 / 3));
  return mul(mul(all(2), s), madd(sum, s2, all(1)));
}

/** ln x of a positive finite number, in double precision: relative error 1e-13. */
export function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let exponent = <f64>((bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  // ln m = 2·(s + s³/3 + s⁵/5 + …)
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let sum: f64 = 1.0 / 15;
  sum = sum * s2 + 1.0 / 13;
  sum = sum * s2 + 1.0 / 11;
  sum = sum * s2 + 1.0 / 9;
  sum = sum * s2 + 1.0 / 7;
  sum = sum * s2 + 1.0 / 5;
  sum = sum * s2 + 1.0 / 3;
  return exponent * 0.6931471805599453 + 2 * s * (sum * s2 + 1);
}
