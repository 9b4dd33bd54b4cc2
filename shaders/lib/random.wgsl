// Counter-based random bits: pcg4d of Jarzynski and Olano (JCGT 9/3, 2020). src/core/random.ts has
// the same function.
fn pcg4d(seed: vec4<u32>) -> vec4<u32> {
  var v = seed * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4<u32>(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

// Uniform in [0, 1) from 32 random bits, in steps of 2^-24.
fn unit_interval(bits: u32) -> f32 {
  return f32(bits >> 8u) / 16777216.0;
}
