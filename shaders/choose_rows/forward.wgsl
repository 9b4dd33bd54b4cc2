// Steps of sequences that still go on from one tensor, the others from another.
// y[s,n,c] = a[s,n,c] where t + s < lengths[n], else b[s,n,c], or 0 without b
// a [T,N,C], b [T,N,C] or absent, lengths [N], y [T,N,C]
// Invocation i owns the value i of y; a value is four columns or one.
// Runs after whatever wrote a and b.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * COLUMNS) { return; }
  let row = i / COLUMNS;
  if (step.t + row / N < lengths[row % N]) {
    y[i] = a[i];
  } else {
#if HAS_B
    y[i] = b[i];
#else
    y[i] = Value();
#endif
  }
}
