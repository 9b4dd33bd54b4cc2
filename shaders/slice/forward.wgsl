// Some columns of a matrix; rows of one are columns of the same elements in one row.
// y[r,c] = x[r,start+c]
// x [R,WIDTH], y [R,PART], counted in values: four columns, or one where a length or the start is
// not a multiple of four Invocation i owns the value y[i].
// Runs after whatever wrote x.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * PART) { return; }
  y[i] = x[i / PART * WIDTH + step.start + i % PART];
}
