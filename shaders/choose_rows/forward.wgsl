// Takes unfinished sequences from one tensor and finished ones from another.
// Computes: y[s,n,c] = a[s,n,c] where t + s < lengths[n], else b[s,n,c], or 0 without b
// Bindings: a [T,N,C], b [T,N,C] or absent, lengths [N], y [T,N,C]
// Owner: invocation i owns the value y[i]; a value is four columns or one

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
