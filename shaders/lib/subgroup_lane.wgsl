// Numbers the invocations of a workgroup so that those of a subgroup are neighbours, and those of a
// quad are 4·i … 4·i+3: WGSL does not say which invocations a subgroup has, nor how many (4 to 128).
// All invocations of the workgroup must call it, in uniform control flow; the including kernel
// enables subgroups. Which subgroup gets which numbers may differ from run to run: who uses them must
// compute the same whoever does it.

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
