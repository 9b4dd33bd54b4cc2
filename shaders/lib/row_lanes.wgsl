// The invocations that compute one row in a kernel over rows: one; or, with ROW_PER_WORKGROUP, a
// workgroup, whose lane l takes columns l, l + STRIDE, … All lanes of a row must call the functions
// that reduce, and all get the same result.

#if ROW_PER_WORKGROUP
const STRIDE = WORKGROUP;
fn row_sum(value: f32, lane: u32) -> f32 { return workgroup_sum(value, lane); }
fn row_max(value: f32, lane: u32) -> f32 { return workgroup_max(value, lane); }
#else
const STRIDE = 1u;
fn row_sum(value: f32, lane: u32) -> f32 { return value; }
fn row_max(value: f32, lane: u32) -> f32 { return value; }
#endif

fn row_of(id: vec3<u32>, group: vec3<u32>) -> u32 {
#if ROW_PER_WORKGROUP
  return group.y * GRID_X + group.x;
#else
  return linear_index(id);
#endif
}

fn lane_of(index: u32) -> u32 {
#if ROW_PER_WORKGROUP
  return index;
#else
  return 0u;
#endif
}
