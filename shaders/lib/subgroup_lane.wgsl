// Numbers the invocations of a workgroup, such that those of a subgroup have consecutive numbers, and
// those of a quad the numbers 4·i … 4·i+3. WGSL does not specify which invocations form a subgroup, nor
// how many (4 to 128).
// All invocations of the workgroup must call it, in uniform control flow. The kernel enables subgroups.
// The numbers of a subgroup may differ from run to run, so results must not depend on them.

var<workgroup> lanes_numbered: atomic<u32>;

fn subgroup_lane(index: u32) -> u32 {
  if (index == 0u) { atomicStore(&lanes_numbered, 0u); }
  workgroupBarrier();
  let count = subgroupAdd(1u);
  let rank = subgroupExclusiveAdd(1u);
  var start = 0u;
  if (subgroupElect()) { start = atomicAdd(&lanes_numbered, count); }
  return subgroupBroadcastFirst(start) + rank;
}
