// Operands of products in single precision: what half.wgsl and operand.wgsl define, without conversions.

alias Operand = vec4<f32>;
alias OperandBlock = mat4x4<f32>;

fn to_operand(v: vec4<f32>) -> Operand {
  return v;
}

fn to_operand_block(m: mat4x4<f32>) -> OperandBlock {
  return m;
}

// Not through to_operand: with that, steps with attention took a tenth longer on SwiftShader.
fn operand4(v: vec4<f32>) -> vec4<f32> {
  return v;
}

fn operand1(x: f32) -> f32 {
  return x;
}
