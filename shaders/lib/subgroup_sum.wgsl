// Adds up what the SLICES invocations of a workgroup have, by subgroups.
// In workgroup memory: subgroup_sums [SLICES]
// All invocations of the workgroup must call sum_of_all, since it contains barriers.

var<workgroup> subgroup_sums: array<vec4<f32>, SLICES>;

// Of each subgroup one invocation leaves the sum, at its own place, and the others leave 0: so neither
// the size of a subgroup matters nor which invocations it has, and the order is always the same.
fn sum_of_all(part: vec4<f32>, index: u32) -> vec4<f32> {
  let sum = subgroupAdd(part);
  subgroup_sums[index] = select(vec4<f32>(), sum, subgroupElect());
  workgroupBarrier();
  var total = vec4<f32>();
  for (var i = 0u; i < SLICES; i++) { total += subgroup_sums[i]; }
  workgroupBarrier();
  return total;
}
