// One step of Adam, or of AdamW with DECOUPLED, over the arena of parameters.
// Computes:
//   m = BETA1·m + (1 - BETA1)·g
//   v = BETA2·v + (1 - BETA2)·g²
//   w -= rate/c1 · m / (√(v/c2) + EPSILON)
//   g is the clipped gradient plus WEIGHT_DECAY·w; with DECOUPLED w is scaled first instead
// Bindings:
//   parameters: [E]
//   gradients: [E]
//   report: [4] from step_summary
//   hyper: [4] = (rate, c1 = 1 - BETA1^t, c2 = 1 - BETA2^t, unused)
//   mean: [E], m
//   square: [E], v
// Owner: all are bound as vec4<f32>; invocation i owns elements 4i to 4i + 3
// REST1 and REST2 are 1 - BETA1 and 1 - BETA2: computed in single precision, they would lose
// digits.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= FOURS || !usable()) { return; }
  let rate = hyper[0].x;
#if DECOUPLED
  let w = parameters[i] * (1.0 - rate * f32(WEIGHT_DECAY));
  let g = clipped(i);
#else
  let w = parameters[i];
  let g = clipped(i) + f32(WEIGHT_DECAY) * w;
#endif
  let m = f32(BETA1) * mean[i] + f32(REST1) * g;
  let v = f32(BETA2) * square[i] + f32(REST2) * g * g;
  mean[i] = m;
  square[i] = v;
  parameters[i] = w - (rate / hyper[0].y) * m / (sqrt(v / hyper[0].z) + f32(EPSILON));
}
