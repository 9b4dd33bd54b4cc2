// One step of additive attention: each row's state looks over the positions of its own source.
// Computes: q = weight_query·state, score_s = weight_score·tanh(q + keys[s]), weights = softmax(score)
// over s < length, context = sum over s of weights_s·values[s]; with ADD_CONTEXT added to what is there
// Bindings: states [·,N,H] of which row block t is read, weight_query [A,H], keys [S,N,A], weight_score
// [1,A], values [S,N,C], context [T,N,C], trace and lengths as in shared.wgsl
// Owner: as in shared.wgsl
// After: whatever wrote the state before step t

// The least finite number: below it are only -inf and NaN.
const LEAST = -3.4028234e38;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let n = workgroup.y * GRID_X + workgroup.x;
  if (n >= N) { return; }
  let row = step.t * N + n;
  let group = index / LANES;
  let lane = index % LANES;
  let length = length_of(n);

  for (var first = 0u; first < A; first += GROUPS) {
    let a = first + group;
    var share = 0.0;
    if (a < A) {
      for (var k = lane; k < H; k += LANES) { share += weight_query[a * H + k] * states[row * H + k]; }
    }
    let q = group_sum(share, index);
    if (a < A && lane == 0u) { trace[QUERIES + row * A + a] = q; }
  }
  storageBarrier();

  for (var first = 0u; first < length; first += GROUPS) {
    let s = first + group;
    var share = 0.0;
    if (s < length) {
      for (var a = lane; a < A; a += LANES) {
        share += weight_score[a] * tanh_of(trace[QUERIES + row * A + a] + keys[(s * N + n) * A + a]);
      }
    }
    let score = group_sum(share, index);
    if (s < length && lane == 0u) { trace[WEIGHTS + row * S + s] = score; }
  }
  storageBarrier();

  var largest = LEAST;
  for (var s = index; s < length; s += WORKGROUP) { largest = max(largest, trace[WEIGHTS + row * S + s]); }
  largest = workgroup_max(largest, index);
  var total = 0.0;
  for (var s = index; s < length; s += WORKGROUP) { total += exp(trace[WEIGHTS + row * S + s] - largest); }
  total = workgroup_sum(total, index);
  for (var s = index; s < S; s += WORKGROUP) {
    let at = WEIGHTS + row * S + s;
    trace[at] = select(0.0, exp(trace[at] - largest) / total, s < length);
  }
  storageBarrier();

  for (var c = index; c < C; c += WORKGROUP) {
    var sum = 0.0;
    for (var s = 0u; s < length; s++) { sum += trace[WEIGHTS + row * S + s] * values[(s * N + n) * C + c]; }
#if ADD_CONTEXT
    sum += context[row * C + c];
#endif
    context[row * C + c] = sum;
  }
}
