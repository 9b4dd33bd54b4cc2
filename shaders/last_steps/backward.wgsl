// Gradient of sequences of which the last steps were taken.
// dx[lengths[n]-1,n,c] = dy[n,c], and 0 in all other steps; with ADD_DX these stay as they are
// lengths [N] (1 to T) or absent for T, dy [N,C], dx [T,N,C]
// Invocation i owns the value dx[i]; with ADD_DX that to which dy[i] belongs. A value is four
// columns or one.
// Runs after dy is complete.

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
