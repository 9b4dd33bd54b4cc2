// Factors of a dropout mask for the four elements of `block`: 0 for a dropped element, else 1/(1 −
// rate). The random bits depend on a counter, so backward computes the same mask again.
// src/core/dropout.ts has the same function.
// Needs random.wgsl and the binding key [2] = (seed, step).
fn dropout_factors(stream: u32, block: u32, threshold: u32, scale: f32) -> vec4<f32> {
  let words = pcg4d(vec4<u32>(key[0], stream, block, key[1]));
  return select(vec4<f32>(scale), vec4<f32>(), (words >> vec4<u32>(8u)) < vec4<u32>(threshold));
}
