// Softmax of each row: one workgroup for each row.
// Computes: y[r,v] = exp(x[r,v] - m) / sum over u of exp(x[r,u] - m), with m the largest of the row
// Bindings: x [R,V], y [R,V]
// Owner: invocation l of workgroup r owns y[r,l], y[r,l+WORKGROUP], ...

const TURNS = (V + WORKGROUP - 1u) / WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let r = group.y * GRID_X + group.x;
  if (r >= R) { return; }
  let first = r * V;
  var largest = x[first];
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { largest = max(largest, x[first + v]); }
  }
  largest = workgroup_max(largest, lane);

  var sum = 0.0;
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { sum += exp(x[first + v] - largest); }
  }
  sum = workgroup_sum(sum, lane);

  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { y[first + v] = exp(x[first + v] - largest) / sum; }
  }
}
