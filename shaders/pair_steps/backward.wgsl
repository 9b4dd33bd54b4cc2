// Gradient of steps that were joined in pairs: each step gets its half.
// Computes: dx[t,n] = half t % 2 of dy[floor(t/2),n]
// Bindings: dy [S,N,2C], dx [T,N,C], with S = ceil(T/2)
// Owner: invocation i owns the value dx[i]: four columns, or one where C is not a multiple of four;
//   COLUMNS counts the values of C

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
