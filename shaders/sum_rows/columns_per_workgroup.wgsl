// Sum over rows, several invocations for each column.
// Computes: y[c] = sum over r of x[r,c]
// Bindings: x [R,C], y [C]
// Owner: the DEPTH invocations of a column sum every DEPTH-th row each; a tree adds these sums, and
//   the first invocation owns y[c]

const TURNS = (R + DEPTH - 1u) / DEPTH;
const LEVELS = firstTrailingBit(DEPTH);
var<workgroup> sums: array<f32, WIDTH * DEPTH>;

@compute @workgroup_size(WIDTH, DEPTH)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let c = (group.y * GRID_X + group.x) * WIDTH + local.x;
  var sum = 0.0;
  if (c < C) {
    for (var turn = 0u; turn < TURNS; turn++) {
      let r = turn * DEPTH + local.y;
      if (r < R) { sum += x[r * C + c]; }
    }
  }
  let place = local.y * WIDTH + local.x;
  sums[place] = sum;
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = DEPTH >> level;
    if (local.y < half) { sums[place] += sums[place + half * WIDTH]; }
    workgroupBarrier();
  }
  if (local.y == 0u && c < C) {
#if ADD_Y
    y[c] += sums[place];
#else
    y[c] = sums[place];
#endif
  }
}
