// One step of additive attention: each row's state attends to the positions of its own source.
// Computes:
//   q = weight_query·state
//   score_s = weight_score·tanh(q + keys[s])
//   weights = softmax(score) over s < length
//   context = sum over s of weights_s·values[s], added to what is there with ADD_CONTEXT
// Bindings:
//   states: [·,N,H], of which block t is read
//   weight_query: [A,H]
//   keys: [S,N,A]
//   weight_score: [1,A]
//   values: [S,N,C]
//   context: [T,N,C]
//   trace, lengths: see shared.wgsl
// Owner: as in shared.wgsl
// After: the launch that wrote the state before step t

// The smallest finite number.
const LEAST = -3.4028234e38;

// The part of value a of the query that comes from value k of the state.
fn weigh(a: u32, k: u32, state: Value) -> Value {
  let at = a * WIDTH * H_VALUES + k;
#if VEC4
  return Value(dot(operand(weight_query[at]), state), dot(operand(weight_query[at + H_VALUES]), state), dot(operand(weight_query[at + 2u * H_VALUES]), state), dot(operand(weight_query[at + 3u * H_VALUES]), state));
#else
  return operand(weight_query[at]) * state;
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let n = workgroup.y * GRID_X + workgroup.x;
  if (n >= N) { return; }
  let row = step.t * N + n;
  let group = index / LANES;
  let lane = index % LANES;
  let length = length_of(n);

  for (var first = 0u; first < A_VALUES; first += GROUPS) {
    let a = first + group;
    var share = Value();
    if (a < A_VALUES) {
      for (var k = lane; k < H_VALUES; k += LANES) { share += weigh(a, k, operand(states[row * H_VALUES + k])); }
    }
    let q = group_sum(share, index);
    if (a < A_VALUES && lane == 0u) { store_trace(QUERIES + row * A + a * WIDTH, q); }
  }
  storageBarrier();

  for (var first = 0u; first < length; first += GROUPS) {
    let s = first + group;
    var share = 0.0;
    if (s < length) {
      for (var a = lane; a < A_VALUES; a += LANES) {
        let q = load_trace(QUERIES + row * A + a * WIDTH);
        share += dot_of(operand(weight_score[a]), operand(squash(q + keys[(s * N + n) * A_VALUES + a])));
      }
    }
    let score = group_sum_of_one(share, index);
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

  for (var c = index; c < C_VALUES; c += WORKGROUP) {
    var sum = Value();
    for (var s = 0u; s < length; s++) { sum += operand1(trace[WEIGHTS + row * S + s]) * operand(values[(s * N + n) * C_VALUES + c]); }
#if ADD_CONTEXT
    sum += context[row * C_VALUES + c];
#endif
    context[row * C_VALUES + c] = sum;
  }
}
