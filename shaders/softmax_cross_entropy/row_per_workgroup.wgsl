// Loss of each row, and its gradient in the place of logits: one workgroup to a row.
// loss[r] = log(sum over v of exp(logits[r,v])) - logits[r,targets[r]]; logits[r,v] =
// (softmax(logits[r])[v] - [v = targets[r]]) · SCALE logits [R,V], targets [R], loss [R]
// Invocation l of workgroup r owns logits[r,l], logits[r,l+WORKGROUP], ...; invocation 0 owns
// loss[r].
// Runs after whatever wrote logits and targets.

const TURNS = (V + WORKGROUP - 1u) / WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let r = group.y * GRID_X + group.x;
  if (r >= R) { return; }
  let first = r * V;
  let target_id = targets[r];
  let counts = target_id < V;
  // The reductions have barriers, so that all have read this before anyone overwrites it.
  let target_logit = logits[first + min(target_id, V - 1u)];

  var largest = target_logit;
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { largest = max(largest, logits[first + v]); }
  }
  largest = workgroup_max(largest, lane);

  var sum = 0.0;
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) { sum += exp(logits[first + v] - largest); }
  }
  sum = workgroup_sum(sum, lane);

  if (lane == 0u) { loss[r] = select(0.0, log(sum) + (largest - target_logit), counts); }
#if GRADIENT
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) {
      let probability = exp(logits[first + v] - largest) / sum;
      logits[first + v] = select(0.0, f32(SCALE) * (probability - select(0.0, 1.0, v == target_id)), counts);
    }
  }
#endif
}
