// Activations that replace the built-in ones: on some drivers tanh returns NaN for large arguments,
// and WGSL only guarantees an absolute error of 1e-5. Errors here stay below 3e-7 absolute, 2e-6
// relative. NaN stays NaN, so that an earlier fault stays visible; min, clamp and sign may lose it.

// NaN has all exponent bits set and a fraction. A compiler may remove `x != x`.
fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn is_nan4(x: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u);
}

// tanh x = (1 - e)/(1 + e) with e = exp(-2|x|); near 0, where that cancels, the odd Taylor
// polynomial up to x^9.
fn tanh_of(x: f32) -> f32 {
  let a = min(abs(x), 20.0);
  let e = exp(-2.0 * a);
  let far = (1.0 - e) / (1.0 + e);
  let s = a * a;
  let near = a * (1.0 + s * (-0.33333334 + s * (0.13333334 + s * (-0.05396825 + s * 0.021869488))));
  return select(sign(x) * select(far, near, a < 0.2), x, is_nan(x));
}

fn tanh_of4(x: vec4<f32>) -> vec4<f32> {
  let a = min(abs(x), vec4<f32>(20.0));
  let e = exp(-2.0 * a);
  let far = (1.0 - e) / (1.0 + e);
  let s = a * a;
  let near = a * (1.0 + s * (-0.33333334 + s * (0.13333334 + s * (-0.05396825 + s * 0.021869488))));
  return select(sign(x) * select(far, near, a < vec4<f32>(0.2)), x, is_nan4(x));
}

// sigmoid x = 1/(1 + exp(-x)), the argument clamped so that exp stays finite.
fn sigmoid_of(x: f32) -> f32 {
  return select(1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))), x, is_nan(x));
}

fn sigmoid_of4(x: vec4<f32>) -> vec4<f32> {
  return select(1.0 / (1.0 + exp(-clamp(x, vec4<f32>(-80.0), vec4<f32>(80.0)))), x, is_nan4(x));
}
