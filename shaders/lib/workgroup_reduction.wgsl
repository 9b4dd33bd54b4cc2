// Sums and maxima over the WORKGROUP invocations of a workgroup, a power of two. Trees: the same
// order every time.
// All invocations must call them, in uniform control flow; all get the result.
var<workgroup> shared_values: array<f32, WORKGROUP>;
const LEVELS = firstTrailingBit(WORKGROUP);

fn workgroup_sum(value: f32, lane: u32) -> f32 {
  shared_values[lane] = value;
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = WORKGROUP >> level;
    if (lane < half) { shared_values[lane] += shared_values[lane + half]; }
    workgroupBarrier();
  }
  let result = shared_values[0];
  // Nobody may write for the next reduction before all have read.
  workgroupBarrier();
  return result;
}

fn workgroup_max(value: f32, lane: u32) -> f32 {
  shared_values[lane] = value;
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = WORKGROUP >> level;
    if (lane < half) { shared_values[lane] = max(shared_values[lane], shared_values[lane + half]); }
    workgroupBarrier();
  }
  let result = shared_values[0];
  workgroupBarrier();
  return result;
}
