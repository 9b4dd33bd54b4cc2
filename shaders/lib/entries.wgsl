// The order of elements in a row: larger elements first, equal elements by their index, NaN last. Needs
// lib/row_lanes.wgsl and lib/order.wgsl.

// x: an unsigned integer that grows with the element, 0 for NaN. y: the element's index.
alias Entry = vec2<u32>;
const NOTHING = Entry(0u, 0xffffffffu);

fn entry_of(element: f32, place: u32) -> Entry {
  let x = select(element, 0.0, element == 0.0); // -0 and 0 are equal
  let is_number = (bitcast<u32>(x) & 0x7fffffffu) <= 0x7f800000u;
  return Entry(select(0u, order_of(x), is_number), place);
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
  // All invocations must read before one writes for the next turn.
  workgroupBarrier();
  return result;
}
#else
fn row_first(own: Entry, lane: u32) -> Entry { return own; }
#endif
