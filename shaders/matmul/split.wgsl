// Adds up the parts of a product that SLICES invocations of a workgroup have computed, each for its
// share of K.
// Computes: block = part_0 + part_1 + … + part_(SLICES−1), always in this order
// In workgroup memory: parts [SLICES,TILES], a block for each invocation
// Owner: invocation (tile, slice) adds part_slice of its tile; all slices get the sum
// Every invocation of the workgroup must call these functions, since they contain barriers.

#if SPLIT
const TILES = WORKGROUP_X * WORKGROUP_Y;
var<workgroup> parts: array<mat4x4<f32>, TILES * SLICES>;
var<workgroup> row_parts: array<vec4<f32>, TILES * SLICES>;

fn sum_slices(part: mat4x4<f32>, index: u32) -> mat4x4<f32> {
  parts[index] = part;
  workgroupBarrier();
  let tile = index % TILES;
  var sum = parts[tile];
  for (var slice = 1u; slice < SLICES; slice++) {
    sum += parts[tile + slice * TILES];
  }
  workgroupBarrier();
  return sum;
}

fn sum_row_slices(part: vec4<f32>, index: u32) -> vec4<f32> {
  row_parts[index] = part;
  workgroupBarrier();
  let tile = index % TILES;
  var sum = row_parts[tile];
  for (var slice = 1u; slice < SLICES; slice++) {
    sum += row_parts[tile + slice * TILES];
  }
  workgroupBarrier();
  return sum;
}
#endif
