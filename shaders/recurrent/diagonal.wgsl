// The entry point of one diagonal of a stack of layers, in tiles as in one_step.wgsl. Its steps belong
// to different layers and do not depend on each other.
// The sums of a step have two parts: the product with the neighbouring layer, and the product with
// the same layer's step before. diagonal_forward.wgsl and diagonal_backward.wgsl have their places:
//   fn layer_of(z: u32) -> u32                layer of workgroups z
//   fn time_of(l: u32) -> u32                 time step of a layer
//   fn has_neighbour(l: u32) -> bool          whether its sums have the first part
//   fn has_own(l: u32) -> bool                whether they have the second part
//   fn begin_part(part: u32)                  sets left_base and weight_base
// Tensors of all layers are parts of one tensor, the lowest layer first. weights: all parameters.
// Workgroup (x, y, z) computes what workgroup (x, y) of one_step.wgsl does, for one layer.
// Runs after the diagonal before, which wrote the operands.

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
