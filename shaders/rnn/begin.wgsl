// Puts the initial state into row 0 of the states, or zero where a batch row starts anew.
// h[0,n] = keep[n] · h0[n]
// h0 [N,H], keep [N] (optional), h [T+1,N,H]
// Invocation i owns element i of row 0.
// Runs first; h0 may be the final state of the window before.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
#if HAS_KEEP
  h[i] = select(0.0, h0[i] * keep[i / H], keep[i / H] != 0.0);
#else
  h[i] = h0[i];
#endif
}
