// The sums of a step with three or four gates, as the epilogue of a cell gets them.
//   Sums.s0 … s3: gate 0 … 3 of four units of one row: Σ_k a[row,k]·b[k,gate·H+unit … +3]
//   GateBlocks: the same of four rows, as register tiles have them

struct Sums {
  s0: vec4<f32>,
  s1: vec4<f32>,
  s2: vec4<f32>,
#if PRODUCTS_4
  s3: vec4<f32>,
#endif
}

struct GateBlocks {
  b0: mat4x4<f32>,
  b1: mat4x4<f32>,
  b2: mat4x4<f32>,
#if PRODUCTS_4
  b3: mat4x4<f32>,
#endif
}

fn sums_of(blocks: GateBlocks, row: u32) -> Sums {
#if PRODUCTS_4
  return Sums(blocks.b0[row], blocks.b1[row], blocks.b2[row], blocks.b3[row]);
#else
  return Sums(blocks.b0[row], blocks.b1[row], blocks.b2[row]);
#endif
}
