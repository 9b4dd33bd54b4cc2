// Layer normalization: each row gets mean 0 and variance 1, then a scale and a shift for each
// column.
// Computes: y[r,c] = (x[r,c] - mean)·rstd·weight[c] + bias[c], rstd = 1/sqrt(variance + EPS),
//   statistics[r] = (mean, rstd)
// Bindings: x [R,C], weight [C] or absent, bias [C] or absent, y [R,C], statistics [R,2]
// Owner: as in lib/row_lanes.wgsl; lane 0 owns statistics[r]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  let first = r * C;
  var sum = 0.0;
  for (var c = lane; c < C; c += STRIDE) { sum += x[first + c]; }
  let mean = row_sum(sum, lane) / f32(C);
  var squares = 0.0;
  for (var c = lane; c < C; c += STRIDE) {
    let d = x[first + c] - mean;
    squares += d * d;
  }
  let rstd = 1.0 / sqrt(row_sum(squares, lane) / f32(C) + f32(EPS));
  for (var c = lane; c < C; c += STRIDE) {
    var value = (x[first + c] - mean) * rstd;
#if HAS_WEIGHT
    value *= weight[c];
#endif
#if HAS_BIAS
    value += bias[c];
#endif
    y[first + c] = value;
  }
  if (lane == 0u) {
    statistics[2u * r] = mean;
    statistics[2u * r + 1u] = rstd;
  }
}
