// Gradients of `choose_rows`: each goes to the tensor from which the row was taken.
// Computes: da[s,n,c] = dy[s,n,c] where t + s < lengths[n], else 0; db has dy in the other rows,
//   else 0
// Bindings: lengths [N], dy [T,N,C], da [T,N,C] or absent, db [T,N,C] or absent
// Owner: invocation i owns the value i of da and of db: four columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * COLUMNS) { return; }
  let row = i / COLUMNS;
  let goes_on = step.t + row / N < lengths[row % N];
#if HAS_DA
  var gradient_a = Value();
  if (goes_on) { gradient_a = dy[i]; }
#if ADD_DA
  gradient_a += da[i];
#endif
  da[i] = gradient_a;
#endif
#if HAS_DB
  var gradient_b = Value();
  if (!goes_on) { gradient_b = dy[i]; }
#if ADD_DB
  gradient_b += db[i];
#endif
  db[i] = gradient_b;
#endif
}
