// What all updates of parameters share. report is (loss, norm, usable, clip factor) of
// step_summary.

// A step whose gradients are not all finite touches nothing.
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
