// Gradients of a choice of steps: each goes to the tensor from which its row came.
// da[s,n,c] = dy[s,n,c] where t + s < lengths[n], else 0; db the other way round
// lengths [N], dy [T,N,C], da [T,N,C] or absent, db [T,N,C] or absent
// Invocation i owns the value i of da and of db: four columns or one.
// Runs after dy is complete.

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
