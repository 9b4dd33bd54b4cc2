// Joins neighbouring steps of a sequence in pairs. With odd T the last step is joined with zeros.
// Computes: y[s,n] = (x[2s,n], x[2s+1,n])
// Bindings: x [T,N,C], y [S,N,2C], with S = ceil(T/2)
// Owner: invocation i owns the value y[i]: four columns, or one where C is not a multiple of four;
//   COLUMNS counts the values of C

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= 2u * S * N * COLUMNS) { return; }
  let part = i / COLUMNS; // (s·N + n)·2 + half
  let n = part / 2u % N;
  let t = part / (2u * N) * 2u + part % 2u;
  if (t < T) {
    y[i] = x[(t * N + n) * COLUMNS + i % COLUMNS];
  } else {
    y[i] = Value();
  }
}
