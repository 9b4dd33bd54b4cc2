// Joins two tensors along their last axis.
// Computes: y[r,c] = a[r,c] for c < M, else b[r,c-M]
// Bindings: a [R,M], b [R,P], y [R,M+P]
// Owner: invocation i owns the value y[i]: four columns, or one where M or P is not a multiple of
//   four; WIDTH_A and WIDTH_B count values

const WIDTH = WIDTH_A + WIDTH_B;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * WIDTH) { return; }
  let r = i / WIDTH;
  let c = i % WIDTH;
  if (c < WIDTH_A) {
    y[i] = a[r * WIDTH_A + c];
  } else {
    y[i] = b[r * WIDTH_B + c - WIDTH_A];
  }
}
