// The body of a scan over time that goes through the window from its first step to its last, in one
// launch. The kernel before it (forward.wgsl, backward.wgsl) defines start, enter and leave.
// Computes: state' = share·state + fresh, step after step
// Owner: invocation i owns value i of a state [N,H]: four units or one

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
