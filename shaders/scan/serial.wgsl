// The body of a scan over time that walks the window from its first step to its last, all in one
// launch.
// state' = share·state + fresh, step after step
// What the including kernel binds
// Invocation i owns value i of a state [N,H]: four units or one.
// See the including kernel (forward.wgsl, backward.wgsl): start, enter and leave are its functions.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * COLUMNS) { return; }
  let owner = owner_of(i);
  var state = start(owner);
  for (var s = 0u; s < T; s++) {
    let t = step_of(s);
    let element = enter(t, owner);
    let next = element.share * state + element.fresh;
    leave(t, owner, element, state, next);
    state = next;
  }
}
