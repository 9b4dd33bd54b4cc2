// Gradient of a matrix of which some columns were taken.
// dx[r,start+c] = dy[r,c], and 0 in all other columns; with ADD_DX these stay as they are
// dy [R,PART], dx [R,WIDTH], counted in values: four columns, or one where a length or the start is
// not a multiple of four Invocation i owns the value dx[i]; with ADD_DX that to which dy[i]
// belongs.
// Runs after dy is complete.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if ADD_DX
  if (i >= R * PART) { return; }
  dx[i / PART * WIDTH + step.start + i % PART] += dy[i];
#else
  if (i >= R * WIDTH) { return; }
  let r = i / WIDTH;
  // Columns left of the part wrap around to large numbers.
  let c = i % WIDTH - step.start;
  if (c < PART) {
    dx[i] = dy[r * PART + c];
  } else {
    dx[i] = Value();
  }
#endif
}
