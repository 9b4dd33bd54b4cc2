// The body of the first backward step, that of forward's last one: it has no product, and so needs
// no weights among its bindings. finish_four(row, unit, sums) with sums.s0 = 0
// What the including kernel binds
// Invocation i owns units 4·(i % FOURS) … +3 of batch row i / FOURS.
// See the including kernel.

struct Sums { s0: vec4<f32> }

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i < N * FOURS) { finish_four(i / FOURS, 4u * (i % FOURS), Sums()); }
}
