// Gradient of a masked softmax, from its result.
// Computes: dx[r,s] = y[r,s] · (dy[r,s] - sum over u < length of y[r,u] · dy[r,u]); 0 for s >=
//   length
// Bindings:
//   y: [R,S]
//   lengths: [N], or absent for S
//   dy: [R,S]
//   dx: [R,S]
// Owner: as in lib/row_lanes.wgsl

fn length_of(n: u32) -> u32 {
#if HAS_LENGTHS
  return min(lengths[n], S);
#else
  return S;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  let first = r * S;
  let length = length_of(r % N);
  var sum = 0.0;
  for (var s = lane; s < length; s += STRIDE) { sum += y[first + s] * dy[first + s]; }
  sum = row_sum(sum, lane);
  for (var s = lane; s < S; s += STRIDE) {
    dx[first + s] = select(0.0, y[first + s] * (dy[first + s] - sum), s < length);
  }
}
