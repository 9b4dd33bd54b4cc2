// One step of gradient descent over the arena of parameters, with momentum where there is a
// velocity.
// g = clipped gradient + WEIGHT_DECAY·w; v = MOMENTUM·v + share·g; w -= rate·v, or rate·(g +
// MOMENTUM·v) with NESTEROV, or rate·g without v parameters [E], gradients [E], report [4], hyper
// [4] = (rate, share, ·, ·), velocity [E]; all in fours
// Invocation i owns elements 4i to 4i + 3.
// Runs after step_summary.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= FOURS || !usable()) { return; }
  let w = parameters[i];
  let g = clipped(i) + f32(WEIGHT_DECAY) * w;
#if HAS_VELOCITY
  let v = f32(MOMENTUM) * velocity[i] + hyper[0].y * g;
  velocity[i] = v;
#if NESTEROV
  parameters[i] = w - hyper[0].x * (g + f32(MOMENTUM) * v);
#else
  parameters[i] = w - hyper[0].x * v;
#endif
#else
  parameters[i] = w - hyper[0].x * g;
#endif
}
