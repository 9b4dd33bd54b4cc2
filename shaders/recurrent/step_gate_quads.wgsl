// The body of one time step with several gates in quads: four invocations exchange what they load of the weights (lib/tile_quad.wgsl), for software adapters.
// finish_four(row, unit, sums), sums as in gate_sums.wgsl: one invocation has all gates of a unit
// What the including kernel binds
// Invocation i of workgroup (x, y) owns rows 4·(4y+i) … +3, all gates of units 16x … 16x+15.
// See the including kernel.

#if PRODUCTS_4
fn finish_block(row: u32, unit: u32, b0: mat4x4<f32>, b1: mat4x4<f32>, b2: mat4x4<f32>, b3: mat4x4<f32>) {
  finish_four(row, unit, Sums(b0[0], b1[0], b2[0], b3[0]));
  finish_four(row + 1u, unit, Sums(b0[1], b1[1], b2[1], b3[1]));
  finish_four(row + 2u, unit, Sums(b0[2], b1[2], b2[2], b3[2]));
  finish_four(row + 3u, unit, Sums(b0[3], b1[3], b2[3], b3[3]));
}
#else
fn finish_block(row: u32, unit: u32, b0: mat4x4<f32>, b1: mat4x4<f32>, b2: mat4x4<f32>) {
  finish_four(row, unit, Sums(b0[0], b1[0], b2[0]));
  finish_four(row + 1u, unit, Sums(b0[1], b1[1], b2[1]));
  finish_four(row + 2u, unit, Sums(b0[2], b1[2], b2[2]));
  finish_four(row + 3u, unit, Sums(b0[3], b1[3], b2[3]));
}
#endif

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = 4u * (4u * group.y + index);
  let unit = 16u * group.x + 4u * index;
  let units = quad_columns(unit);
  let t = quad_product(row, unit);
#if PRODUCTS_4
  finish_block(row, units.x, t.c00, t.c04, t.c08, t.c0c);
  finish_block(row, units.y, t.c01, t.c05, t.c09, t.c0d);
  finish_block(row, units.z, t.c02, t.c06, t.c0a, t.c0e);
  finish_block(row, units.w, t.c03, t.c07, t.c0b, t.c0f);
#else
  finish_block(row, units.x, t.c00, t.c04, t.c08);
  finish_block(row, units.y, t.c01, t.c05, t.c09);
  finish_block(row, units.z, t.c02, t.c06, t.c0a);
  finish_block(row, units.w, t.c03, t.c07, t.c0b);
#endif
}
