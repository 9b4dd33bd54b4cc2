// Drops elements at random and scales the others.
// Computes: y = mask ⊙ x, mask[e] = 0 or 1/(1 - rate); a dropped element is 0 even where x is NaN
//   or infinite
// Bindings:
//   x: [E], or dy in backward
//   key: [2] = (seed, step)
//   y: [E], or dx in backward
// Owner: invocation i owns the elements 4i to 4i + 3 of y, which share one block of random bits

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= FOURS) { return; }
  let factors = dropout_factors(step.stream, i, THRESHOLD, f32(SCALE));
  for (var j = 0u; j < 4u; j++) {
    let e = 4u * i + j;
    if (e >= E) { return; }
    var result = select(0.0, factors[j] * x[e], factors[j] != 0.0);
#if ADD_Y
    result += y[e];
#endif
    y[e] = result;
  }
}
