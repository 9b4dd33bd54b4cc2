// The body of the first backward step, the last one of forward. It has no product, so it needs no
// weights. It calls finish_four(row, unit, sums) with sums.s0 = 0.
// Owner: invocation i owns units 4·(i % FOURS) … +3 of batch row i / FOURS

struct Sums { s0: vec4<f32> }

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i < N * FOURS) { finish_four(i / FOURS, 4u * (i % FOURS), Sums()); }
}
