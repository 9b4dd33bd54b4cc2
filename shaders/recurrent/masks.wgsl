// Dropout masks of a recurrent layer: of its outputs, fresh in every step, and of the state that
// enters the recurrent product, one per window. factor[e] = 0 or 1/(1 − rate), from the bits of
// (seed, stream, e, step); backward makes the same again
// key [2] u32: (seed, step)
// Functions of the element e = (t·N+n)·H+j of the outputs, or n·H+j of the state; four from e on.
// With VEC, e is a multiple of four. See lib/dropout.wgsl; OUTPUT_DROP and RECURRENT_DROP are
// thresholds of 24 random bits, 0 for no dropout.

fn four_factors(stream: u32, e: u32, threshold: u32, scale: f32) -> vec4<f32> {
#if VEC
  return dropout_factors(stream, e / 4u, threshold, scale);
#else
  let low = dropout_factors(stream, e / 4u, threshold, scale);
  let high = dropout_factors(stream, e / 4u + 1u, threshold, scale);
  switch (e % 4u) {
    case 0u { return low; }
    case 1u { return vec4<f32>(low.yzw, high.x); }
    case 2u { return vec4<f32>(low.zw, high.xy); }
    default { return vec4<f32>(low.w, high.xyz); }
  }
#endif
}

#if OUTPUT_DROP
fn output_factors(e: u32) -> vec4<f32> { return four_factors(OUTPUT_STREAM, e, OUTPUT_DROP, f32(OUTPUT_SCALE)); }
#endif
#if RECURRENT_DROP
fn recurrent_factors(e: u32) -> vec4<f32> { return four_factors(RECURRENT_STREAM, e, RECURRENT_DROP, f32(RECURRENT_SCALE)); }
#endif
