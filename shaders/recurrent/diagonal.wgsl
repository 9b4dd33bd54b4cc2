// The entry point of one diagonal of a stack of layers, in tiles as in one_step.wgsl: step t of a
// layer beside step t − 1 of the layer above it. A step of an upper layer has the product of its
// inputs in it, as the first of two parts of its sums; the lowest layer's stands in `projected`.
// What the including kernel binds, with a layer's share of each joined tensor after that of the
// layer below; launch.diagonal = t + layer, launch.lowest: the lowest layer that has a step here
// Workgroup (x, y, z) computes what one of one_step.wgsl does, for layer launch.lowest + z.
// Runs after the diagonal before: what a layer reads of the one below was written there.

struct Step { t: u32 }
var<private> step: Step;
var<private> layer: u32;
// Where the operands of a part begin, in Values.
var<private> left_base: u32;
var<private> weight_base: u32;

#if VEC
const WIDTH = 4u;
#else
const WIDTH = 1u;
#endif

fn left_value(row: u32, i: u32) -> Value { return load_left(left_base + min(row, N - 1u) * LEFT_WIDTH + i); }
fn weight_value(i: u32) -> Value { return weights[weight_base + i]; }

fn begin_layer(z: u32) {
  layer = launch.lowest + z;
  step.t = launch.diagonal - layer;
}

// The lowest layer has no inputs to project. Of z, since a quad's loops must be uniform.
fn first_part_of(z: u32) -> u32 { return select(0u, 1u, launch.lowest + z == 0u); }
fn first_part() -> u32 { return select(0u, 1u, layer == 0u); }

fn begin_part(part: u32) {
  // Outputs that are not dropped are states, and where they are not, at padding, nothing is stored.
  if (part == 0u) {
    left_base = (state_base(layer - 1u) + row_after(step.t) * N * H) / WIDTH;
    weight_base = WEIGHT_IH[layer] / WIDTH;
  } else {
    left_base = (state_base(layer) + left_row() * H) / WIDTH;
    weight_base = WEIGHT_HH[layer] / WIDTH;
  }
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
