// Gradient of an image from that of its patches.
// Computes: dx[n,i,j,c] = sum of dpatches over all windows that cover the place; with ADD_DX added
//   to what is there
// Bindings: dpatches [N·Y·X,C·F·F], dx [N,I,J,C]
// Owner: invocation i owns dx[i], and adds windows in a fixed order
// After: the product that computes dpatches

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = linear_index(id);
  if (at >= N * I * J * C) { return; }
  let c = at % C;
  let j = at / C % J;
  let i = at / (C * J) % I;
  let n = at / (C * J * I);
  var sum = 0.0;
  // Windows that begin after the place wrap around to large unsigned numbers, which are out of range.
  for (var u = 0u; u < F; u++) {
    let down = i + PADDING - u;
    if (down % STRIDE != 0u || down / STRIDE >= Y) { continue; }
    for (var v = 0u; v < F; v++) {
      let across = j + PADDING - v;
      if (across % STRIDE != 0u || across / STRIDE >= X) { continue; }
      let row = (n * Y + down / STRIDE) * X + across / STRIDE;
      sum += dpatches[((row * C + c) * F + u) * F + v];
    }
  }
#if ADD_DX
  sum += dx[at];
#endif
  dx[at] = sum;
}
