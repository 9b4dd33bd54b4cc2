// The largest element under each window of an image, for each channel.
// Computes: y[n,y,x,c] = the largest x[n,i,j,c] under the window; place[n,y,x,c] = i·J+j of the
//   first such place. Places outside the image do not count.
// Bindings:
//   x: [N,I,J,C], the image
//   y: [N,Y,X,C]
//   place: [N,Y,X,C]
// Owner: invocation i owns y[i] and place[i]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = linear_index(id);
  if (at >= N * Y * X * C) { return; }
  let c = at % C;
  let down = at / (C * X) % Y * STRIDE;
  let right = at / C % X * STRIDE;
  let image = at / (C * X * Y) * I * J;
  var found = false;
  var largest = 0.0;
  var best = 0u;
  for (var u = 0u; u < F; u++) {
    for (var v = 0u; v < F; v++) {
      // Places left of the image wrap around to large unsigned numbers, which are out of range.
      let i = down + u - PADDING;
      let j = right + v - PADDING;
      if (i >= I || j >= J) { continue; }
      let element = x[(image + i * J + j) * C + c];
      if (!found || element > largest) {
        found = true;
        largest = element;
        best = i * J + j;
      }
    }
  }
  y[at] = largest;
  place[at] = best;
}
