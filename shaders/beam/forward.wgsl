// One step of a beam search: the B best of all continuations of a row's hypotheses.
// Computes:
//   total[n,j] = the j-th largest of score[n,b] + logits[b,ids[b,k]] − log Σ_v exp(logits[b,v]);
//     of equal sums the lower b comes first, then the lower k
//   chosen = its id and the hypothesis that it continues
//   A forced id is the only continuation, and adds nothing to the sum.
// Bindings:
//   logits: [N*B,V]
//   ids: [N*B,B], columns of the B largest logits that may be chosen
//   forced: [N]
//   score: [N,B]
//   id: [N*B]
//   parent: [N*B]
//   chosen: [2,N*B]
//   total: [N,B]
// Owner: as in lib/row_lanes.wgsl; lane 0 owns row n of the results
// After: the top_k that wrote ids
// Constants: NONE is NO_FORCED_ID, ENDED is ENDED_SCORE and LEAST is LEAST_SCORE of
//   src/core/generation-constants.ts

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) global: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let n = row_of(global, group);
  let lane = lane_of(index);
  if (n >= R) { return; }
  let first = n * B;
  let only = forced[n];

  // Scores are overwritten below, so every lane keeps the old ones.
  var before: array<f32, B>;
  var largest: array<f32, B>;
  var log_sum: array<f32, B>;
  for (var b = 0u; b < B; b++) {
    let row = (first + b) * V;
    var most = -3.4e38;
    for (var v = lane; v < V; v += STRIDE) { most = max(most, logits[row + v]); }
    most = row_max(most, lane);
    var sum = 0.0;
    for (var v = lane; v < V; v += STRIDE) { sum += exp(logits[row + v] - most); }
    largest[b] = most;
    log_sum[b] = log(row_sum(sum, lane));
    before[b] = score[first + b];
  }

  var last: Entry;
  for (var j = 0u; j < B; j++) {
    var best = NOTHING;
    var best_total = ENDED;
    for (var i = lane; i < B * B; i += STRIDE) {
      let b = i / B;
      let k = i % B;
      var sum = before[b];
      if (only == NONE) {
        let place = ids[(first + b) * B + k];
        sum += (logits[(first + b) * V + place] - largest[b]) - log_sum[b];
      } else if (k > 0u) {
        sum = ENDED;
      }
      var candidate = entry_of(sum, i);
      if (!(sum > LEAST)) { candidate.x = 0u; }
      if ((j == 0u || comes_before(last, candidate)) && comes_before(candidate, best)) {
        best = candidate;
        best_total = sum;
      }
    }
    last = row_first(best, lane);
    // Only the lane that found it has the sum, so that lane writes. Lane 0 writes where there is no
    // continuation.
    let found = last.x > 0u;
    if (select(lane == 0u, best.x == last.x && best.y == last.y, found)) {
      let slot = first + j;
      var symbol = 0u;
      var source = first;
      if (found) {
        source = first + last.y / B;
        symbol = select(only, ids[source * B + last.y % B], only == NONE);
      } else {
        best_total = ENDED;
      }
      total[slot] = best_total;
      score[slot] = select(best_total, ENDED, symbol == END);
      id[slot] = symbol;
      parent[slot] = source;
      chosen[slot] = symbol;
      chosen[R * B + slot] = source;
    }
  }
}
