/**
 * Random bits and dropout masks, as src/core/random.ts and src/core/dropout.ts define them: the
 * same bits on every device.
 */

@inline
function scramble(x: u32): u32 {
  return x * 1664525 + 1013904223;
}

let word0: u32 = 0;
let word1: u32 = 0;
let word2: u32 = 0;
let word3: u32 = 0;

/** Mixes four words into four random words, of which it returns the first. */
export function pcg4d(x: u32, y: u32, z: u32, w: u32): u32 {
  let a = scramble(x), b = scramble(y), c = scramble(z), d = scramble(w);
  a += b * d;
  b += c * a;
  c += a * b;
  d += b * c;
  a ^= a >> 16;
  b ^= b >> 16;
  c ^= c >> 16;
  d ^= d >> 16;
  word0 = a += b * d;
  word1 = b += c * a;
  word2 = c += a * b;
  word3 = d + b * c;
  return a;
}

/** Floats that `dropoutFactors` may write beyond the requested `count`. */
export const FACTORS_SLACK: i32 = 8;

/**
 * Writes the factors of elements `first` to `first + count − 1`: 0 for a dropped element, else `scale`.
 * Four elements share random words, so up to three factors before and after are written too.
 * @param to buffer of at least count + FACTORS_SLACK floats
 * @returns the address of the first element's factor
 */
export function dropoutFactors(
  to: usize,
  first: u32,
  count: i32,
  key: usize,
  stream: u32,
  threshold: u32,
  scale: f32,
): usize {
  const seed = load<u32>(key);
  const step = load<u32>(key, 4);
  const found = to + ((<usize>first & 3) << 2);
  const last = (first + count - 1) >> 2;
  for (let block = first >> 2; block <= last; block++) {
    pcg4d(seed, stream, block, step);
    store<f32>(to, word0 >> 8 < threshold ? 0 : scale);
    store<f32>(to, word1 >> 8 < threshold ? 0 : scale, 4);
    store<f32>(to, word2 >> 8 < threshold ? 0 : scale, 8);
    store<f32>(to, word3 >> 8 < threshold ? 0 : scale, 12);
    to += 16;
  }
  return found;
}
