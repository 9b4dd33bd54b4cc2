// Which element of a row comes first: the larger one; of equal ones the one of the lower place; what
// is no number last. Uses lib/row_lanes.wgsl.

// x: a whole number that grows with the element, 0 for what is no number. y: its place.
alias Entry = vec2<u32>;
const NOTHING = Entry(0u, 0xffffffffu);

fn entry_of(element: f32, place: u32) -> Entry {
  let bits = bitcast<u32>(select(element, 0.0, element == 0.0)); // -0 and 0 are equal
  let number = select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
  let is_number = (bits & 0x7fffffffu) <= 0x7f800000u;
  return Entry(select(0u, number, is_number), place);
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
