// The K largest elements of each row, the largest first.
// Computes: ids[r,k] = the column of the k-th largest, values[r,k] = x[r,ids[r,k]]. Of equal elements
// the first column comes first; NaN comes last
// Bindings: x [R,V], values [R,K] (optional), ids [R,K]
// Owner: as in lib/row_lanes.wgsl; lane 0 owns row r of the results.
// Every turn looks through the row for what comes next after the last one found.

// A column and a whole number that grows with its element. x is the number, y the column.
alias Entry = vec2<u32>;
const NOTHING = Entry(0u, 0xffffffffu);

fn entry(r: u32, column: u32) -> Entry {
  let element = x[r * V + column];
  let bits = bitcast<u32>(select(element, 0.0, element == 0.0)); // -0 and 0 are equal
  let number = select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
  let is_number = (bits & 0x7fffffffu) <= 0x7f800000u;
  return Entry(select(0u, number, is_number), column);
}

fn comes_before(a: Entry, b: Entry) -> bool {
  return a.x > b.x || (a.x == b.x && a.y < b.y);
}

#if ROW_PER_WORKGROUP
var<workgroup> entries: array<Entry, WORKGROUP>;

fn row_first(own: Entry, lane: u32) -> Entry {
  entries[lane] = own;
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = WORKGROUP >> level;
    if (lane < half && comes_before(entries[lane + half], entries[lane])) { entries[lane] = entries[lane + half]; }
    workgroupBarrier();
  }
  let result = entries[0];
  // Nobody may write for the next turn before all have read.
  workgroupBarrier();
  return result;
}
#else
fn row_first(own: Entry, lane: u32) -> Entry { return own; }
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  var last: Entry;
  for (var k = 0u; k < K; k++) {
    var best = NOTHING;
    for (var v = lane; v < V; v += STRIDE) {
      let candidate = entry(r, v);
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
