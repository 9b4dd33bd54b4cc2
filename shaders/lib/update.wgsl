// The part that all optimizers share. `report` is (loss, norm, usable, clip factor) from
// step_summary.

// Where this is false, a gradient is not finite and the step changes nothing.
fn usable() -> bool {
  return report[0].z != 0.0;
}

// Four gradient elements after clipping by norm and then by value.
fn clipped(i: u32) -> vec4<f32> {
  let scaled = report[0].w * gradients[i];
#if CLIP_VALUE
  return clamp(scaled, vec4<f32>(-f32(CLIP_VALUE)), vec4<f32>(f32(CLIP_VALUE)));
#else
  return scaled;
#endif
}
