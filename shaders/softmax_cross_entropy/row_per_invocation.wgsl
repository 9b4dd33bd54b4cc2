// Loss of each row, and its gradient in the place of logits: one invocation to a row.
// loss[r] = log(sum over v of exp(logits[r,v])) - logits[r,targets[r]]; logits[r,v] = (softmax(logits[r])[v] - [v = targets[r]]) · SCALE
// logits [R,V], targets [R], loss [R]
// Invocation r owns row r of logits and loss[r].
// Runs after whatever wrote logits and targets.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let r = linear_index(id);
  if (r >= R) { return; }
  let first = r * V;
  let target_id = targets[r];
  let counts = target_id < V;
  let target_logit = logits[first + min(target_id, V - 1u)];
  var largest = logits[first];
  for (var v = 1u; v < V; v++) { largest = max(largest, logits[first + v]); }
  var sum = 0.0;
  for (var v = 0u; v < V; v++) { sum += exp(logits[first + v] - largest); }
  loss[r] = select(0.0, log(sum) + (largest - target_logit), counts);
#if GRADIENT
  let factor = select(0.0, f32(SCALE) / sum, counts);
  for (var v = 0u; v < V; v++) { logits[first + v] = factor * exp(logits[first + v] - largest); }
  if (counts) { logits[first + target_id] = f32(SCALE) * (exp(target_logit - largest) / sum - 1.0); }
#endif
}
