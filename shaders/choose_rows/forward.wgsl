// Rows of sequences that still go on at step t from one tensor, the others from another.
// y[n,c] = a[n,c] where t < lengths[n], else b[n,c], or 0 without b
// a [N,C], b [N,C] or absent, lengths [N], y [N,C]
// Invocation i owns the value y[i / COLUMNS, i % COLUMNS]; a value is four columns or one.
// Runs after whatever wrote a and b.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * COLUMNS) { return; }
  if (step.t < lengths[i / COLUMNS]) {
    y[i] = a[i];
  } else {
#if HAS_B
    y[i] = b[i];
#else
    y[i] = Value();
#endif
  }
}
