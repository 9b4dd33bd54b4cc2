// Sum of squares and number of non-finite elements of every block: the first half of a gradient
// norm.
// Computes: partial[b] = (Σ x[i]² over the finite x[i] of block b, number of x[i] that are infinite
//   or NaN)
// Bindings:
//   x: [E], bound as vec4<f32>
//   partial: [B,2], bound as vec2<f32>
// Owner: workgroup b owns partial[b]; its invocation k takes vectors k, k + WORKGROUP, … of the
//   SPAN vectors of block b
// The order of the sums is fixed: first within an invocation, then by a tree.

const EXPONENT = vec4<u32>(0x7f800000u);

var<workgroup> sums: array<vec2<f32>, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let block = group.x;
  var squares = vec4<f32>(0.0);
  var faults = vec4<f32>(0.0);
  for (var round = 0u; round < ROUNDS; round++) {
    let inside = round * WORKGROUP + lane;
    let i = block * SPAN + inside;
    if (inside < SPAN && i < FOURS) {
      let value = x[i];
      // All exponent bits set means infinite or NaN; `value != value` may be compiled away.
      let fault = (bitcast<vec4<u32>>(value) & EXPONENT) == EXPONENT;
      let kept = select(value, vec4<f32>(0.0), fault);
      squares += kept * kept;
      faults += select(vec4<f32>(0.0), vec4<f32>(1.0), fault);
    }
  }
  sums[lane] = vec2<f32>((squares.x + squares.y) + (squares.z + squares.w), (faults.x + faults.y) + (faults.z + faults.w));
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = WORKGROUP >> level;
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    partial[2u * block] = sums[0].x;
    partial[2u * block + 1u] = sums[0].y;
  }
}
