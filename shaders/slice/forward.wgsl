// A range of columns of a matrix. A range of rows is one too, with the matrix read as one long row.
// Computes: y[r,c] = x[r,start+c]
// Bindings: x [R,WIDTH], y [R,PART]
// Owner: invocation i owns the value y[i]; shapes count values: four columns, or one where a length
//   or the start is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * PART) { return; }
  y[i] = x[i / PART * WIDTH + step.start + i % PART];
}
