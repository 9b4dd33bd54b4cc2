// Softmax over the first positions of each row; row r = t·N+n has lengths[n] of them.
// Computes: y[r,s] = exp(x[r,s] - m) / sum over u < length of exp(x[r,u] - m), where m is the
//   largest of these; 0 for s >= length
// Bindings:
//   x: [R,S]
//   lengths: [N], or absent for S
//   y: [R,S]
// Owner: as in lib/row_lanes.wgsl

// The smallest finite number.
const LEAST = -3.4028234e38;

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
  var largest = LEAST;
  for (var s = lane; s < length; s += STRIDE) { largest = max(largest, x[first + s]); }
  largest = row_max(largest, lane);
  var sum = 0.0;
  for (var s = lane; s < length; s += STRIDE) { sum += exp(x[first + s] - largest); }
  sum = row_sum(sum, lane);
  for (var s = lane; s < S; s += STRIDE) {
    y[first + s] = select(0.0, exp(x[first + s] - largest) / sum, s < length);
  }
}
