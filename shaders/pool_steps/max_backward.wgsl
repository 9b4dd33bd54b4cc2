// Gradient of a maximum over each row's own steps.
// Computes: dx[t,n,c] = dy[n,c] where t = place[n,c], else 0; with ADD_DX added to what is there
// Bindings: place [N,C], dy [N,C], dx [T,N,C]
// Owner: invocation i owns dx[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * COLUMNS) { return; }
  let at = i % (N * COLUMNS);
  let gradient = select(0.0, dy[at], i / (N * COLUMNS) == place[at]);
#if ADD_DX
  dx[i] += gradient;
#else
  dx[i] = gradient;
#endif
}
