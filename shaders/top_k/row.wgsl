// The K largest elements of each row, the largest first.
// Computes: ids[r,k] = the column of the k-th largest, values[r,k] = x[r,ids[r,k]]. Of equal
//   elements the first column comes first; NaN comes last.
// Bindings: x [R,V], values [R,K] or absent, ids [R,K]
// Owner: as in lib/row_lanes.wgsl; lane 0 owns row r of the results
// Every turn of the loop searches the row for the element that comes after the last one found.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  var last: Entry;
  for (var k = 0u; k < K; k++) {
    var best = NOTHING;
    for (var v = lane; v < V; v += STRIDE) {
      let candidate = entry_of(x[r * V + v], v);
      if ((k == 0u || comes_before(last, candidate)) && comes_before(candidate, best)) { best = candidate; }
    }
    last = row_first(best, lane);
    if (lane == 0u) {
      ids[r * K + k] = last.y;
#if HAS_VALUES
      values[r * K + k] = x[r * V + last.y];
#endif
    }
  }
}
