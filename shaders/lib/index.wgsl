// The number of this invocation in a grid from lineGrid() of src/plan/kernel.ts. WORKGROUP and
// GRID_X are constants of the launch.
fn linear_index(id: vec3<u32>) -> u32 {
  return id.y * (GRID_X * WORKGROUP) + id.x;
}
