// The entry point of all time steps of a window in one launch, in register tiles. The left operand of
// the products is in workgroup memory: a step reads one half of `left`, and its epilogue writes the
// other half with pass_on(), which the next step reads.
// Owner: workgroup y owns TILE_ROWS batch rows from y·TILE_ROWS, with all their units and steps, so no
//   workgroup waits for another; invocation (x, slice) sums its share of k for TILE_UNITS units from
//   TILE_UNITS·(x + i·WORKGROUP_X), the same in every step, so it reads only what it wrote itself
// After: what must run before the first step

struct Step { t: u32 }
var<private> step: Step;
var<private> read_half: u32;
var<workgroup> left: array<Value, 2u * TILE_ROWS * LEFT_WIDTH>;

fn left_value(row: u32, i: u32) -> Value {
  return left[(read_half * TILE_ROWS + row % TILE_ROWS) * LEFT_WIDTH + i];
}

// Stores elements k … k+3 of a row of the next step's left operand, of which only the first `count` exist.
fn pass_on(row: u32, k: u32, count: u32, v: vec4<f32>) {
  let start = ((1u - read_half) * TILE_ROWS + row % TILE_ROWS) * LEFT_WIDTH;
#if VEC
  left[start + k / 4u] = v;
#else
  left[start + k] = v.x;
  if (count > 1u) { left[start + k + 1u] = v.y; }
  if (count > 2u) { left[start + k + 2u] = v.z; }
  if (count > 3u) { left[start + k + 3u] = v.w; }
#endif
}

#if UPWARDS
fn time_of(i: u32) -> u32 { return i; }
#else
fn time_of(i: u32) -> u32 { return T - 1u - i; }
#endif

@compute @workgroup_size(WORKGROUP_X, 1, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = group.y * TILE_ROWS;
  step.t = time_of(0u);
  if (has_product()) {
    for (var i = index; i < TILE_ROWS * LEFT_WIDTH; i += WORKGROUP_X * SLICES) {
      left[i] = load_left((left_row() + min(row + i / LEFT_WIDTH, N - 1u)) * LEFT_WIDTH + i % LEFT_WIDTH);
    }
  }
  workgroupBarrier();
  for (var i = 0u; i < T; i++) {
    step.t = time_of(i);
    read_half = i % 2u;
    for (var first = 0u; first < H; first += TILE_UNITS * WORKGROUP_X) {
      compute_tile(row, first + TILE_UNITS * id.x, id.z, index);
    }
    workgroupBarrier();
  }
}
