// The same conversions as in half.wgsl for devices without the feature shader-f16: numbers are
// rounded to half precision, and stay in single precision.
// The builtin quantizeToF16 may round either way and drop small numbers, and adapters differ. So the
// bits are rounded here: to the nearest number, and of two equally near ones to the even one.

alias Operand = vec4<f32>;
alias OperandBlock = mat4x4<f32>;

const SIGN = 0x80000000u;
const INFINITE = 0x7f800000u;
// Single precision has 13 bits of the fraction more.
const DROPPED_BITS = 13u;
const DROPPED = 0x1fffu;
const LARGEST_HALF = 0x477fe000u; // 65504
const LEAST_NORMAL_HALF = 0x38800000u; // 2^-14

fn to_operand(v: vec4<f32>) -> Operand {
  let bits = bitcast<vec4<u32>>(v);
  let size = bits & vec4<u32>(~SIGN);
  let odd = (size >> vec4<u32>(DROPPED_BITS)) & vec4<u32>(1u);
  var rounded = (size + (DROPPED >> 1u) + odd) & vec4<u32>(~DROPPED);
  rounded = select(rounded, vec4<u32>(INFINITE), rounded > vec4<u32>(LARGEST_HALF));
  // Numbers below the smallest normal one are multiples of 2^-24.
  let small = bitcast<vec4<u32>>(round(bitcast<vec4<f32>>(size) * 16777216.0) * 5.9604644775390625e-8);
  rounded = select(rounded, small, size < vec4<u32>(LEAST_NORMAL_HALF));
  rounded = select(rounded, size, size > vec4<u32>(INFINITE)); // not a number
  return bitcast<vec4<f32>>(rounded | (bits & vec4<u32>(SIGN)));
}

fn to_operand_block(m: mat4x4<f32>) -> OperandBlock {
  return OperandBlock(to_operand(m[0]), to_operand(m[1]), to_operand(m[2]), to_operand(m[3]));
}
