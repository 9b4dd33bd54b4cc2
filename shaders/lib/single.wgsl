// Operands of products in single precision: what half.wgsl defines, without conversions.

alias Operand = vec4<f32>;
alias OperandBlock = mat4x4<f32>;

fn to_operand(v: vec4<f32>) -> Operand {
  return v;
}

fn to_operand_block(m: mat4x4<f32>) -> OperandBlock {
  return m;
}
