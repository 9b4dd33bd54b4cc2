// Vectors of four floats. Loads may read up to 28 bytes past a tensor: its memory is padded, and those
// bytes affect no result. Stores must be exact, since threads own neighbouring elements.

/** Smaller numbers are stored as zero: arithmetic on denormal numbers is slow. */
const TINY: f32 = 1e-30;
const TINY_ROOT: f32 = 1e-15;

/** a·b + c: one rounding with relaxed SIMD on most processors, two without. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

@inline
export function all(x: f32): v128 {
  return f32x4.splat(x);
}

@inline
export function mul(a: v128, b: v128): v128 {
  return f32x4.mul(a, b);
}

@inline
export function add(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

@inline
export function sub(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

/** x²; zero where it would be denormal. */
@inline
export function squared(x: v128): v128 {
  const kept = v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(TINY_ROOT)));
  return f32x4.mul(kept, kept);
}

/** 1 − x. */
@inline
export function rest(x: v128): v128 {
  return f32x4.sub(f32x4.splat(1), x);
}

/** The elements, with zero in place of denormal numbers. */
@inline
export function flush(x: v128): v128 {
  // The comparison is false for NaN, so NaN stays.
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(TINY)));
}

/** Stores the first `count` elements. A constant count of 4 costs nothing. */
@inline
export function put(address: usize, x: v128, count: i32): void {
  if (count >= 4) v128.store(address, x);
  else putPart(address, x, count);
}

function putPart(address: usize, x: v128, count: i32): void {
  if (count <= 0) return;
  v128.store_lane<f32>(address, x, 0);
  if (count > 1) v128.store_lane<f32>(address, x, 1, 4);
  if (count > 2) v128.store_lane<f32>(address, x, 2, 8);
}

/** The sum of four elements, in a fixed order. */
@inline
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** The largest of four elements; NaN if one is. */
@inline
export function max4(x: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** The sum of four elements in double precision. */
@inline
export function sum4Double(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3))
  );
}

/** The first `count` elements, and zeros in the other lanes, which are past the end of a row. */
@inline
export function first(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
