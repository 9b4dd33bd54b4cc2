// Gradient of the softmax of each row, from its result: one invocation for each row.
// Computes: dx[r,v] = y[r,v] · (dy[r,v] - sum over u of y[r,u] · dy[r,u])
// Bindings: y [R,V], dy [R,V], dx [R,V]
// Owner: invocation r owns row r of dx

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let r = linear_index(id);
  if (r >= R) { return; }
  let first = r * V;
  var dot_product = 0.0;
  for (var v = 0u; v < V; v++) { dot_product += y[first + v] * dy[first + v]; }
  for (var v = 0u; v < V; v++) { dx[first + v] = y[first + v] * (dy[first + v] - dot_product); }
}
