// Gradient of joined steps: each gets its half.
// dx[t,n] = half t % 2 of dy[floor(t/2),n]
// dy [S,N,2C], dx [T,N,C], S = ceil(T/2)
// Invocation i owns the value dx[i]: four columns, or one where C is not a multiple of four;
// COLUMNS counts the values of C. Runs after dy is complete.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * COLUMNS) { return; }
  let n = i / COLUMNS % N;
  let t = i / (COLUMNS * N);
  var gradient = dy[((t / 2u * N + n) * 2u + t % 2u) * COLUMNS + i % COLUMNS];
#if ADD_DX
  gradient += dx[i];
#endif
  dx[i] = gradient;
}
