// Operands of products in half precision: conversions that the tiles of
// src/ops/lib/register-tiles.ts call. The device has the feature shader-f16.
// A number beyond 65504 becomes infinite.

alias Operand = vec4<f16>;
alias OperandBlock = mat4x4<f16>;

fn to_operand(v: vec4<f32>) -> Operand {
  return Operand(v);
}

fn to_operand_block(m: mat4x4<f32>) -> OperandBlock {
  return OperandBlock(m);
}
