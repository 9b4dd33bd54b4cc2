// Lengths of sequences whose steps have been joined two by two.
// y[n] = ceil(x[n] / 2)
// x [N], y [N]
// Invocation n owns y[n].
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = linear_index(id);
  if (n >= N) { return; }
  y[n] = x[n] / 2u + x[n] % 2u;
}
