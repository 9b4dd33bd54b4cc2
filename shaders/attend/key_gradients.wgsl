// Gradients of the keys, and each row's share of the gradient of the score's weights, summed over all
// steps.
// Computes: with squashed = tanh(q[t,n,a] + keys[s,n,a]), dkeys[s,n,a] = weight_score[a] · sum over t of
// dscore[t,n,s]·(1 - squashed^2), or dkeys += that with ADD_DKEYS; row_scores[n,a] = sum over s and t of
// dscore[t,n,s]·squashed
// Bindings: keys [S,N,A], weight_score [1,A], trace as in shared.wgsl, dkeys [S,N,A] (optional),
// row_scores [N,A]
// Owner: invocation i owns column a = i % A of batch row n = i / A
// After: all backward steps

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * A) { return; }
  let n = i / A;
  var total = 0.0;
  for (var s = 0u; s < S; s++) {
    let at = s * N * A + i;
    let key = keys[at];
    var sum = 0.0;
    for (var t = 0u; t < T; t++) {
      let dscore = trace[DSCORES + (t * N + n) * S + s];
      let squashed = tanh_of(trace[QUERIES + t * N * A + i] + key);
      sum += dscore * (1.0 - squashed * squashed);
      total += dscore * squashed;
    }
#if HAS_DKEYS
    let gradient = weight_score[i % A] * sum;
#if ADD_DKEYS
    dkeys[at] += gradient;
#else
    dkeys[at] = gradient;
#endif
#endif
  }
  row_scores[i] = total;
}
