// Mean over each row's own steps.
// Computes: y[n,c] = sum over t < length of x[t,n,c] / length, length = lengths[n]
// Bindings:
//   x: [T,N,C]
//   y: [N,C]
//   lengths: [N] (1 to T), or absent for T
// Owner: invocation i owns the value y[i / COLUMNS, i % COLUMNS]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * COLUMNS) { return; }
#if HAS_LENGTHS
  let length = min(lengths[i / COLUMNS], T);
#else
  let length = T;
#endif
  var sum = Value();
  for (var t = 0u; t < length; t++) { sum += x[t * N * COLUMNS + i]; }
  y[i] = sum / f32(length);
}
