// Keeps the likeliest symbols of each row whose probabilities together reach p.
// Computes: y[r,i] = x[r,i] for the symbols of the smallest set {i: x[r,i] ≥ a threshold} whose
//   probabilities, p_i ∝ exp(x_i / temperature) over the k largest, sum to at least p; else BANNED
// Bindings:
//   x: [R,V]
//   limits: [3] = (temperature, k or 0 for all, p)
//   y: [R,V]
// Owner: as in lib/row_lanes.wgsl
// Constants: BANNED is BANNED_LOGIT of src/core/generation-constants.ts

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  var largest = -3.4e38;
  for (var v = lane; v < V; v += STRIDE) { largest = max(largest, x[r * V + v]); }
  largest = row_max(largest, lane);

  // Both thresholds are found bit by bit from the top: the largest that enough symbols, or enough of
  // their weight, reach.
  var threshold = 0u;
  for (var b = 0u; b < 32u; b++) {
    let candidate = threshold | (1u << (31u - b));
    var count = 0.0;
    for (var v = lane; v < V; v += STRIDE) { count += select(0.0, 1.0, order_of(x[r * V + v]) >= candidate); }
    count = row_sum(count, lane);
    if (limits[1] > 0.0 && count >= limits[1]) { threshold = candidate; }
  }
  let among = threshold;
  var all = 0.0;
  for (var v = lane; v < V; v += STRIDE) {
    let element = x[r * V + v];
    all += select(0.0, exp((element - largest) / limits[0]), order_of(element) >= among);
  }
  all = row_sum(all, lane);
  threshold = 0u;
  for (var b = 0u; b < 32u; b++) {
    let candidate = threshold | (1u << (31u - b));
    var weight = 0.0;
    for (var v = lane; v < V; v += STRIDE) {
      let element = x[r * V + v];
      weight += select(0.0, exp((element - largest) / limits[0]), order_of(element) >= max(candidate, among));
    }
    weight = row_sum(weight, lane);
    if (weight >= limits[2] * all) { threshold = candidate; }
  }
  threshold = max(threshold, among);
  for (var v = lane; v < V; v += STRIDE) {
    let element = x[r * V + v];
    y[r * V + v] = select(BANNED, element, order_of(element) >= threshold);
  }
}
