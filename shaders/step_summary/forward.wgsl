// The report of one training step: its loss, its gradient norm, whether its gradients are finite,
// and the factor that clips them.
// Computes: report = (Σ loss, √Σ squares, 1 if all is finite else 0, min(1, CLIP_NORM / (norm +
//   1e-6)) or 0 if not finite)
// Bindings:
//   partial: [B,2] = (squares, faults)
//   loss: [R]
//   report: [4], bound as one vec4<f32>
// Owner: one workgroup; its invocation k takes elements k, k + WORKGROUP, …; invocation 0 owns
//   report
// After: squared_norm
// The order of the sums is fixed: first within an invocation, then by a tree.

const EXPONENT = 0x7f800000u;

var<workgroup> sums: array<vec3<f32>, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = vec3<f32>(0.0); // loss, squares, faults
  for (var round = 0u; round < LOSS_ROUNDS; round++) {
    let i = round * WORKGROUP + lane;
    if (i < R) { sum.x += loss[i]; }
  }
  for (var round = 0u; round < PARTIAL_ROUNDS; round++) {
    let b = round * WORKGROUP + lane;
    if (b < B) { sum += vec3<f32>(0.0, partial[2u * b], partial[2u * b + 1u]); }
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var level = 1u; level <= LEVELS; level++) {
    let half = WORKGROUP >> level;
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane != 0u) { return; }
  let total = sums[0];
  let finite = total.z == 0.0 && (bitcast<u32>(total.y) & EXPONENT) != EXPONENT;
  let norm = sqrt(total.y);
#if CLIP_NORM
  let factor = min(1.0, f32(CLIP_NORM) / (norm + 1e-6));
#else
  let factor = 1.0;
#endif
  report[0] = vec4<f32>(total.x, norm, select(0.0, 1.0, finite), select(0.0, factor, finite));
}
