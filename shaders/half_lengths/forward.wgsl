// Lengths of sequences after their steps were joined in pairs.
// Computes: y[n] = ceil(x[n] / 2)
// Bindings: x [N], y [N]
// Owner: invocation n owns y[n]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = linear_index(id);
  if (n >= N) { return; }
  y[n] = x[n] / 2u + x[n] % 2u;
}
