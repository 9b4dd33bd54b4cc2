// Loss of each row. Its gradient replaces the logits. One workgroup for each row.
// Computes:
//   loss[r] = log(sum over v of exp(logits[r,v])) - logits[r,targets[r]]
//   logits[r,v] = (softmax(logits[r])[v] - [v = targets[r]]) · SCALE
//   with WEIGHTED as in options.wgsl
// Bindings: logits [R,V], targets [R], loss [R], and those of options.wgsl
// Owner: invocation l of workgroup r owns logits[r,l], logits[r,l+WORKGROUP], ...; invocation 0
//   owns loss[r]

const TURNS = (V + WORKGROUP - 1u) / WORKGROUP;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let r = group.y * GRID_X + group.x;
  if (r >= R) { return; }
  let first = r * V;
  let target_id = targets[r];
  let counts = target_id < V;
  // The barriers of the reductions ensure that all invocations have read this before it is overwritten.
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

#if WEIGHTED
  var weight = hit(target_id);
  var total = weight * (log(sum) + (largest - target_logit));
#if LABEL_SMOOTHING
  var weights = 0.0;
  var others = 0.0;
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) {
      weights += spread(v);
      others += spread(v) * (log(sum) + (largest - logits[first + v]));
    }
  }
  weight += workgroup_sum(weights, lane);
  total += workgroup_sum(others, lane);
#endif
  if (lane == 0u) { loss[r] = select(0.0, total, counts); }
#else
  if (lane == 0u) { loss[r] = select(0.0, log(sum) + (largest - target_logit), counts); }
#endif
#if GRADIENT
  for (var turn = 0u; turn < TURNS; turn++) {
    let v = turn * WORKGROUP + lane;
    if (v < V) {
      let probability = exp(logits[first + v] - largest) / sum;
#if WEIGHTED
      let gradient = weight * probability - spread(v) - select(0.0, hit(v), v == target_id);
#else
      let gradient = probability - select(0.0, 1.0, v == target_id);
#endif
      logits[first + v] = select(0.0, row_scale() * gradient, counts);
    }
  }
#endif
}
