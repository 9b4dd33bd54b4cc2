// Sums and maxima over the WORKGROUP invocations of a workgroup, whose number is a power of two.
// They use trees, so the order of the sum is always the same. All invocations must call these
// functions, in uniform control flow, and all get the result.
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
  // All invocations must read before one writes for the next reduction.
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
