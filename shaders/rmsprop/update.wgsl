// One step of RMSprop over the arena of parameters.
// g = clipped gradient + WEIGHT_DECAY·w; m = DECAY·m + (1 - DECAY)·g²; w -= rate·g / (√m + EPSILON)
// parameters [E], gradients [E], report [4], hyper [4] = (rate, ·, ·, ·), square [E]; all in fours
// Invocation i owns elements 4i to 4i + 3.
// Runs after step_summary. REST is 1 - DECAY, which loses digits when computed in single precision.

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
