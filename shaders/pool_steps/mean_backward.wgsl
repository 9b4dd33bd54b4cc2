// Gradient of a mean over each row's own steps.
// Computes: dx[t,n,c] = dy[n,c] / length for t < length = lengths[n], else 0; with ADD_DX added to
//   what is there
// Bindings:
//   dy: [N,C]
//   dx: [T,N,C]
//   lengths: [N] (1 to T), or absent for T
// Owner: invocation i owns the value dx[i]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * COLUMNS) { return; }
  let place = i % (N * COLUMNS);
#if HAS_LENGTHS
  let length = min(lengths[place / COLUMNS], T);
#else
  let length = T;
#endif
  var gradient = Value();
  if (i / (N * COLUMNS) < length) { gradient = dy[place] / f32(length); }
#if ADD_DX
  gradient += dx[i];
#endif
  dx[i] = gradient;
}
