// Softmax of each row: one invocation to a row.
// y[r,v] = exp(x[r,v] - m) / sum over u of exp(x[r,u] - m), with m the largest of the row
// x [R,V], y [R,V]
// Invocation r owns row r of y.
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let r = linear_index(id);
  if (r >= R) { return; }
  let first = r * V;
  var largest = x[first];
  for (var v = 1u; v < V; v++) { largest = max(largest, x[first + v]); }
  var sum = 0.0;
  for (var v = 0u; v < V; v++) { sum += exp(x[first + v] - largest); }
  for (var v = 0u; v < V; v++) { y[first + v] = exp(x[first + v] - largest) / sum; }
}
