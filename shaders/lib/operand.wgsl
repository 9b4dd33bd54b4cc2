// Numbers as products multiply them: rounded as operands, and again in single precision.

fn operand4(v: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(to_operand(v));
}

fn operand1(x: f32) -> f32 {
  return operand4(vec4<f32>(x)).x;
}
