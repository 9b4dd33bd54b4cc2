// One step of RMSprop over the arena of parameters.
// Computes: g = clipped gradient + WEIGHT_DECAY·w; m = DECAY·m + (1 - DECAY)·g²; w -= rate·g / (√m
//   + EPSILON)
// Bindings:
//   parameters: [E]
//   gradients: [E]
//   report: [4] from step_summary
//   hyper: [4] = (rate, unused, unused, unused)
//   square: [E], m
// Owner: all are bound as vec4<f32>; invocation i owns elements 4i to 4i + 3
// REST is 1 - DECAY: computed in single precision, it would lose digits.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= FOURS || !usable()) { return; }
  let w = parameters[i];
  let g = clipped(i) + f32(WEIGHT_DECAY) * w;
  let m = f32(DECAY) * square[i] + f32(REST) * g * g;
  square[i] = m;
  parameters[i] = w - hyper[0].x * g / (sqrt(m) + f32(EPSILON));
}
