// Largest of each row's own steps, for each column.
// Computes: y[n,c] = max over t < length of x[t,n,c], place[n,c] = the first t that has it, length
//   = lengths[n]
// Bindings:
//   x: [T,N,C]
//   lengths: [N] (1 to T), or absent for T
//   y: [N,C]
//   place: [N,C]
// Owner: invocation i owns y[i] and place[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * COLUMNS) { return; }
#if HAS_LENGTHS
  let length = min(lengths[i / COLUMNS], T);
#else
  let length = T;
#endif
  var best = 0u;
  var largest = x[i];
  for (var t = 1u; t < length; t++) {
    let candidate = x[t * N * COLUMNS + i];
    if (candidate > largest) {
      largest = candidate;
      best = t;
    }
  }
  y[i] = largest;
  place[i] = best;
}
