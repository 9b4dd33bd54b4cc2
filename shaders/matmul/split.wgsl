// Adds up the parts of a product that the SLICES of a workgroup have summed over their share of K.
// block = part_0 + part_1 + ... + part_(SLICES-1), always in this order
// parts [SLICES, TILES]: one block per invocation, in workgroup memory
// Invocation (tile, slice) brings part_slice of its tile's block; all slices get the sum.
// Every invocation of the workgroup must come here: there are barriers inside.

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
