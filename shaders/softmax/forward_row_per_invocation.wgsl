// Softmax of each row: one invocation for each row.
// Computes: y[r,v] = exp(x[r,v] - m) / sum over u of exp(x[r,u] - m), with m the largest of the row
// Bindings: x [R,V], y [R,V]
// Owner: invocation r owns row r of y

const FOURS = V / 4u;

// Four at a time, for fewer turns of the loop. These are single loads, because a row may start at any
// element.
fn four_of_x(at: u32) -> vec4<f32> {
  return vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]);
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let r = linear_index(id);
  if (r >= R) { return; }
  let first = r * V;
  var largest = x[first];
  for (var v = 1u; v < V; v++) { largest = max(largest, x[first + v]); }
  // Four sums: with tens of thousands of terms, one sum would lose digits.
  var sums = vec4<f32>();
  for (var n = 0u; n < FOURS; n++) { sums += exp(four_of_x(first + 4u * n) - largest); }
  for (var v = 4u * FOURS; v < V; v++) { sums.x += exp(x[first + v] - largest); }
  let sum = (sums.x + sums.y) + (sums.z + sums.w);
  for (var v = 0u; v < V; v++) { y[first + v] = exp(x[first + v] - largest) / sum; }
}
