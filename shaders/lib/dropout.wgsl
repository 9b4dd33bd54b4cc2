// Dropout masks from counter-based random bits, so that backward makes the same mask again;
// src/core/dropout.ts has the same function. Factors of four elements from element 4·block: 0 where
// dropped, else 1/(1 − rate). Needs random.wgsl and the binding key [2] = (seed, step).
fn dropout_factors(stream: u32, block: u32, threshold: u32, scale: f32) -> vec4<f32> {
  let words = pcg4d(vec4<u32>(key[0], stream, block, key[1]));
  return select(vec4<f32>(scale), vec4<f32>(), (words >> vec4<u32>(8u)) < vec4<u32>(threshold));
}
