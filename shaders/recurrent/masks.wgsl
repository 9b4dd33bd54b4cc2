// Dropout masks of a recurrent layer: of its outputs, with new random bits in every step, and of the
// states before the recurrent product, the same in all steps of a window. Factors are 0 or 1/(1 −
// rate). They depend on (seed, stream, element, step) alone, so backward computes the same masks.
// Element e is (t·N+n)·H+j of the outputs, or n·H+j of a state. Functions return the factors of e …
// e+3; with VEC, e is a multiple of four. OUTPUT_DROP and RECURRENT_DROP are thresholds for 24 random
// bits, 0 without dropout: see lib/dropout.wgsl.
// Bindings: key [2] u32, (seed, step)

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
