// Gradient of a matrix from that of a range of its columns.
// Computes: dx[r,start+c] = dy[r,c]; the other columns are 0, or unchanged with ADD_DX
// Bindings: dy [R,PART], dx [R,WIDTH]
// Owner: invocation i owns the value dx[i]; with ADD_DX the value that belongs to dy[i]; shapes
//   count values: four columns, or one where a length or the start is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if ADD_DX
  if (i >= R * PART) { return; }
  dx[i / PART * WIDTH + step.start + i % PART] += dy[i];
#else
  if (i >= R * WIDTH) { return; }
  let r = i / WIDTH;
  // Columns left of the part wrap around to large unsigned numbers, which are out of range.
  let c = i % WIDTH - step.start;
  if (c < PART) {
    dx[i] = dy[r * PART + c];
  } else {
    dx[i] = Value();
  }
#endif
}
