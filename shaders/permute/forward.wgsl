// Exchanges the two middle axes.
// Computes: y[b,p,m,c] = x[b,m,p,c], or y += that with ADD_Y
// Bindings: x [B,ROWS,ACROSS,COLUMNS], y [B,ACROSS,ROWS,COLUMNS]
// Owner: invocation i owns the value y[i]; shapes count values: four elements, or one where C is
//   not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  let c = i % COLUMNS;
  let m = i / COLUMNS % ROWS;
  let p = i / (COLUMNS * ROWS) % ACROSS;
  let b = i / (COLUMNS * ROWS * ACROSS);
  let source = ((b * ROWS + m) * ACROSS + p) * COLUMNS + c;
#if ADD_Y
  y[i] += x[source];
#else
  y[i] = x[source];
#endif
}
