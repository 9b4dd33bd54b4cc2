// The entry point of one diagonal of a stack of layers, in register tiles or quads. Its steps are of
// different layers, and do not depend on each other.
// Computes: sums of two parts: the product with the neighbouring layer, and the product with the step
//   before in the same layer. diagonal_forward.wgsl or diagonal_backward.wgsl defines
//     layer_of(z: u32) -> u32            layer of the workgroups with this z
//     time_of(l: u32) -> u32             time step of a layer
//     has_neighbour(l: u32) -> bool      whether the sums of a layer have the first part
//     has_own(l: u32) -> bool            whether they have the second part
//     begin_part(part: u32)              sets left_base and weight_base
// Bindings: weights, all parameters. A tensor of all layers has the lowest layer's part first
// Owner: workgroup (x, y, z) computes what workgroup (x, y) of one_step.wgsl does, for one layer
// After: the diagonal before, which wrote the operands

struct Step { t: u32 }
var<private> step: Step;
var<private> layer: u32;
// First Values of the operands of a part.
var<private> left_base: u32;
var<private> weight_base: u32;

#if VEC
const WIDTH = 4u;
#else
const WIDTH = 1u;
#endif

fn weight_value(i: u32) -> Value { return weights[weight_base + i]; }
#if ONE_LEFT
fn left_value(row: u32, i: u32) -> Value { return load_left(left_base + min(row, N - 1u) * LEFT_WIDTH + i); }
#endif

// From z and not from `layer`, because the loops of a quad must be uniform.
fn first_part_of(z: u32) -> u32 { return select(1u, 0u, has_neighbour(layer_of(z))); }
fn end_part_of(z: u32) -> u32 { return select(1u, 2u, has_own(layer_of(z))); }
fn first_part() -> u32 { return select(1u, 0u, has_neighbour(layer)); }
fn end_part() -> u32 { return select(1u, 2u, has_own(layer)); }

fn begin_layer(z: u32) {
  layer = layer_of(z);
  step.t = time_of(layer);
}

#if QUADS
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  begin_layer(group.z);
  compute_quad(group, index);
}
#else
@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  begin_layer(group.z);
  let row = (group.y * WORKGROUP_Y + local.y) * TILE_ROWS;
  let unit = (group.x * WORKGROUP_X + local.x) * TILE_UNITS;
#if !SPLIT
  if (row >= N || unit >= H) { return; }
#endif
  compute_tile(row, unit, local.z, index);
}
#endif
