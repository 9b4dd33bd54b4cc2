// The recurrent products of all gates for four units of one row, as a cell's epilogue takes them: three gates, or four.
// s0 … s3 = Σ_k a[row,k]·b[k,gate·H+unit…unit+3], gate 0 … 3
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
