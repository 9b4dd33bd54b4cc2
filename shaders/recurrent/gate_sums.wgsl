// The recurrent products of all gates for four units of one row, as a cell's epilogue takes them,
// and of four rows, as tiles have them: three gates, or four. s0 … s3 = Σ_k
// a[row,k]·b[k,gate·H+unit…unit+3], gate 0 … 3
// No tensors
// Values of one invocation.
// Nothing.

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
