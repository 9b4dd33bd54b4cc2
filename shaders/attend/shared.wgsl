// What both directions of additive attention share: who owns a batch row, and where its numbers are.
// Bindings: trace: the gradient of the queries dq [T,N,A], the queries q [T,N,A], the gradient of the
// scores [T,N,S], the attention weights [T,N,S]; all but the first begin at QUERIES, DSCORES and WEIGHTS.
// lengths [N] or absent for S
// Owner: workgroup n owns batch row n. It has WORKGROUP / LANES groups; a group takes every so many-th
// of what is summed, and its LANES share the terms of one sum. All invocations of a workgroup reach all
// barriers: what decides about loops is the same for all of them.

const GROUPS = WORKGROUP / LANES;

#if SPLIT
var<workgroup> shares: array<f32, WORKGROUP>;

// The sum over the lanes of a group, always in the same order.
fn group_sum(share: f32, index: u32) -> f32 {
  shares[index] = share;
  workgroupBarrier();
  let first = index / LANES * LANES;
  var sum = 0.0;
  for (var lane = 0u; lane < LANES; lane++) { sum += shares[first + lane]; }
  workgroupBarrier();
  return sum;
}
#else
fn group_sum(share: f32, index: u32) -> f32 { return share; }
#endif

fn length_of(n: u32) -> u32 {
#if HAS_LENGTHS
  return min(lengths[n], S);
#else
  return S;
#endif
}
