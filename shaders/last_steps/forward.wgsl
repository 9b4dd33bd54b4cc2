// The last step of every sequence.
// Computes: y[n,c] = x[lengths[n]-1,n,c]
// Bindings:
//   x: [T,N,C]
//   lengths: [N] (1 to T), or absent for T
//   y: [N,C]
// Owner: invocation i owns the value y[i / COLUMNS, i % COLUMNS]; a value is four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * COLUMNS) { return; }
#if HAS_LENGTHS
  let last = lengths[i / COLUMNS] - 1u;
#else
  let last = T - 1u;
#endif
  y[i] = x[last * N * COLUMNS + i];
}
