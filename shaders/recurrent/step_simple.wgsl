// One time step in plain loops, with which tests compare the other bodies.
// Computes: the sums of one product, or of one for each gate (gate_sums.wgsl), for
//   finish_four(row, unit, sums)
// Owner: invocation i owns units 4·(i % FOURS) … +3 of batch row i / FOURS

#if !PRODUCTS_3
struct Sums { s0: vec4<f32> }
#endif

fn weights(k: u32, column: u32) -> vec4<f32> {
#if TRANSPOSED_B
  return operand4(vec4<f32>(weight_hh[column * H + k], weight_hh[(column + 1u) * H + k], weight_hh[(column + 2u) * H + k], weight_hh[(column + 3u) * H + k]));
#else
  return operand4(vec4<f32>(weight_hh[k * H + column], weight_hh[k * H + column + 1u], weight_hh[k * H + column + 2u], weight_hh[k * H + column + 3u]));
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * FOURS) { return; }
  let row = i / FOURS;
  let unit = 4u * (i % FOURS);
  var sums: Sums;
  if (has_product()) {
    let base = (left_row() + row) * INNER;
    for (var k = 0u; k < INNER; k++) {
      let a = operand1(load_left(base + k));
      sums.s0 += a * weights(k, unit);
#if PRODUCTS_3
      sums.s1 += a * weights(k, H + unit);
      sums.s2 += a * weights(k, 2u * H + unit);
#endif
#if PRODUCTS_4
      sums.s3 += a * weights(k, 3u * H + unit);
#endif
    }
  }
  finish_four(row, unit, sums);
}
