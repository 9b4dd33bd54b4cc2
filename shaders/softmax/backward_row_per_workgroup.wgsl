// Gradient of the softmax of each row, from its result: one workgroup for each row.
// Computes: dx[r,v] = y[r,v] · (dy[r,v] - sum over u of y[r,u] · dy[r,u])
// Bindings: y [R,V], dy [R,V], dx [R,V]
// Owner: invocation l of workgroup r owns dx[r,l], dx[r,l+WORKGROUP], ...

const TURNS = (V + WORKGROUP - 1u) / WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let r = group.y * GRID_X + group.x;
  if (r >= R) { return; }
  let first = r * V;
  var dot_product = 0.0;
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { dot_product += y[first + v] * dy[first + v]; }
  }
  dot_product = workgroup_sum(dot_product, lane);

  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { dx[first + v] = y[first + v] * (dy[first + v] - dot_product); }
  }
}
