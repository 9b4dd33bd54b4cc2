// Gradient of the input of layer normalization.
// Computes: with z = (x - mean)·rstd and g = dy·weight, dx = rstd·(g - mean of g - z·mean of g·z)
//   in each row; with ADD_DX added to what is there
// Bindings: x [R,C], weight [C] or absent, dy [R,C], statistics [R,2], dx [R,C]
// Owner: as in lib/row_lanes.wgsl

fn weighted(i: u32, c: u32) -> f32 {
#if HAS_WEIGHT
  return dy[i] * weight[c];
#else
  return dy[i];
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  let first = r * C;
  let mean = statistics[2u * r];
  let rstd = statistics[2u * r + 1u];
  var sum = 0.0;
  var product = 0.0;
  for (var c = lane; c < C; c += STRIDE) {
    let g = weighted(first + c, c);
    sum += g;
    product += g * (x[first + c] - mean) * rstd;
  }
  sum = row_sum(sum, lane) / f32(C);
  product = row_sum(product, lane) / f32(C);
  for (var c = lane; c < C; c += STRIDE) {
    let i = first + c;
    let gradient = rstd * (weighted(i, c) - sum - (x[i] - mean) * rstd * product);
#if ADD_DX
    dx[i] += gradient;
#else
    dx[i] = gradient;
#endif
  }
}
