// One step of Adagrad over the arena of parameters.
// Computes: g = clipped gradient + WEIGHT_DECAY·w; m += g²; w -= rate·g / (√m + EPSILON), or rate·g
//   / √(m + EPSILON) with EPSILON_INSIDE
// Bindings:
//   parameters: [E]
//   gradients: [E]
//   report: [4] from step_summary
//   hyper: [4] = (rate, unused, unused, unused)
//   sum: [E], m
// Owner: all are bound as vec4<f32>; invocation i owns elements 4i to 4i + 3

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= FOURS || !usable()) { return; }
  let w = parameters[i];
  let g = clipped(i) + f32(WEIGHT_DECAY) * w;
  let m = sum[i] + g * g;
  sum[i] = m;
#if EPSILON_INSIDE
  parameters[i] = w - hyper[0].x * g / sqrt(m + f32(EPSILON));
#else
  parameters[i] = w - hyper[0].x * g / (sqrt(m) + f32(EPSILON));
#endif
}
