// Copies the elements under each window of a convolution, which then is one matrix product.
// Computes: patches[(n·Y+y)·X+x, (c·F+u)·F+v] = x[n, y·STRIDE+u-PADDING, x·STRIDE+v-PADDING, c],
//   and 0 outside the image
// Bindings:
//   x: [N,I,J,C], the image
//   patches: [N·Y·X,C·F·F]
// Owner: invocation i owns patches[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = linear_index(id);
  if (at >= N * Y * X * C * F * F) { return; }
  let v = at % F;
  let u = at / F % F;
  let c = at / (F * F) % C;
  let row = at / (F * F * C);
  // Places left of the image wrap around to large unsigned numbers, which are out of range.
  let i = row / X % Y * STRIDE + u - PADDING;
  let j = row % X * STRIDE + v - PADDING;
  let n = row / (X * Y);
  if (i < I && j < J) {
    patches[at] = x[((n * I + i) * J + j) * C + c];
  } else {
    patches[at] = 0.0;
  }
}
