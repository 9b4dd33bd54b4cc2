// One step of Adam (AdamW with DECOUPLED) over the arena of parameters.
// m = BETA1·m + (1 - BETA1)·g; v = BETA2·v + (1 - BETA2)·g²; w -= rate/c1 · m / (√(v/c2) +
// EPSILON), weight decay added to g or, DECOUPLED, taken from w first parameters [E], gradients
// [E], report [4], hyper [4] = (rate, c1 = 1 - BETA1^t, c2 = 1 - BETA2^t, ·), mean [E], square [E];
// all in fours Invocation i owns elements 4i to 4i + 3.
// Runs after step_summary. REST1 and REST2 are 1 - BETA1 and 1 - BETA2, which lose digits when
// computed in single precision.

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
