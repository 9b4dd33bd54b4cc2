// Gradients of joined tensors: each gets its own columns.
// Computes: da[r,c] = dy[r,c]; db[r,c] = dy[r,M+c]
// Bindings: dy [R,M+P], da [R,M] or absent, db [R,P] or absent
// Owner: invocation i owns the value of da or db that belongs to dy[i]: four columns, or one;
//   WIDTH_A and WIDTH_B count values

const WIDTH = WIDTH_A + WIDTH_B;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * WIDTH) { return; }
  let r = i / WIDTH;
  let c = i % WIDTH;
  var gradient = dy[i];
  if (c < WIDTH_A) {
#if HAS_DA
    let place = r * WIDTH_A + c;
#if ADD_DA
    gradient += da[place];
#endif
    da[place] = gradient;
#endif
  } else {
#if HAS_DB
    let place = r * WIDTH_B + c - WIDTH_A;
#if ADD_DB
    gradient += db[place];
#endif
    db[place] = gradient;
#endif
  }
}
