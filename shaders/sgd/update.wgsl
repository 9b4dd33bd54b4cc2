// One step of gradient descent over the arena of parameters, with momentum if there is a velocity.
// Computes: g = clipped gradient + WEIGHT_DECAY·w; v = MOMENTUM·v + share·g; w -= rate·v, or
//   rate·(g + MOMENTUM·v) with NESTEROV, or rate·g without v
// Bindings:
//   parameters: [E]
//   gradients: [E]
//   report: [4] from step_summary
//   hyper: [4] = (rate, share, unused, unused)
//   velocity: [E], v
//   may be absent
// Owner: all are bound as vec4<f32>; invocation i owns elements 4i to 4i + 3

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
