// Gradients of a sum.
// Computes: da = dy; db = dy
// Bindings: dy [E], da [E] or absent, db [E] or absent
// Owner: invocation i owns the value i of da and of db: four elements, or one where E is not a
//   multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
#if HAS_DA
  var gradient_a = dy[i];
#if ADD_DA
  gradient_a += da[i];
#endif
  da[i] = gradient_a;
#endif
#if HAS_DB
  var gradient_b = dy[i];
#if ADD_DB
  gradient_b += db[i];
#endif
  db[i] = gradient_b;
#endif
}
