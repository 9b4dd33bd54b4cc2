// Drops elements at random and scales the others.
// y = mask ⊙ x, mask[e] = 0 or 1/(1 - rate); what is dropped is 0, whatever x holds
// x [E], key [2] = (seed, step), y [E]; in backward dy and dx take the places of x and y
// Invocation i owns the elements 4i to 4i + 3 of y, whose random bits are one block.
// Runs after whatever wrote x.

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
