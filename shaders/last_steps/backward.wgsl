// Gradient of sequences from that of their last steps.
// Computes: dx[lengths[n]-1,n,c] = dy[n,c]; the other steps are 0, or unchanged with ADD_DX
// Bindings:
//   lengths: [N] (1 to T), or absent for T
//   dy: [N,C]
//   dx: [T,N,C]
// Owner: invocation i owns the value dx[i]; with ADD_DX the value that belongs to dy[i]; a value is
//   four columns or one

fn last_of(n: u32) -> u32 {
#if HAS_LENGTHS
  return lengths[n] - 1u;
#else
  return T - 1u;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if ADD_DX
  if (i >= N * COLUMNS) { return; }
  dx[last_of(i / COLUMNS) * N * COLUMNS + i] += dy[i];
#else
  if (i >= T * N * COLUMNS) { return; }
  let place = i % (N * COLUMNS);
  if (i / (N * COLUMNS) == last_of(place / COLUMNS)) {
    dx[i] = dy[place];
  } else {
    dx[i] = Value();
  }
#endif
}
