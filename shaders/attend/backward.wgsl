// One step of back-propagation through additive attention. Gradients that sum over all steps are
// computed later, in key_gradients.wgsl.
// Computes:
//   dweights_s = dcontext·values[s], plus what is there with ADD_WEIGHTS
//   dscore_s = weights_s·(dweights_s - sum over u of weights_u·dweights_u)
//   dq = weight_score ⊙ sum over s of dscore_s·(1 - tanh(q + keys[s])^2)
//   dstate = dq·weight_query
// Bindings:
//   weight_query: [A,H]
//   keys: [S,N,A]
//   weight_score: [1,A]
//   values: [S,N,C]
//   dcontext: [T,N,C]
//   dstate: [N,H], or with IN_LOOP [T+1,N,H], where the result is added to block t-1, or to block
//     T if t = 0
//   trace, lengths: see shared.wgsl
// Owner: as in shared.wgsl
// After: the backward step of the op that reads the context

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let n = workgroup.y * GRID_X + workgroup.x;
  if (n >= N) { return; }
  let row = step.t * N + n;
  let group = index / LANES;
  let lane = index % LANES;
  let length = length_of(n);

  for (var first = 0u; first < length; first += GROUPS) {
    let s = first + group;
    var share = 0.0;
#if HAS_DCONTEXT
    if (s < length) {
      for (var c = lane; c < C_VALUES; c += LANES) {
        share += dot_of(operand(dcontext[row * C_VALUES + c]), operand(values[(s * N + n) * C_VALUES + c]));
      }
    }
#endif
    var dweight = group_sum_of_one(share, index);
    if (s < length && lane == 0u) {
#if ADD_WEIGHTS
      dweight += trace[DSCORES + row * S + s];
#endif
      trace[DSCORES + row * S + s] = dweight;
    }
  }
  storageBarrier();

  var share = 0.0;
  for (var s = index; s < length; s += WORKGROUP) {
    share += trace[WEIGHTS + row * S + s] * trace[DSCORES + row * S + s];
  }
  let mean = workgroup_sum(share, index);
  for (var s = index; s < S; s += WORKGROUP) {
    let at = row * S + s;
    trace[DSCORES + at] = select(0.0, trace[WEIGHTS + at] * (trace[DSCORES + at] - mean), s < length);
  }
  storageBarrier();

  let own = index % ACROSS;
  let part = index / ACROSS;
  for (var first = 0u; first < A_VALUES; first += ACROSS) {
    let a = first + own;
    var sum = Value();
    if (a < A_VALUES) {
      let q = load_trace(QUERIES + row * A + a * WIDTH);
      for (var s = part; s < length; s += SHARERS) {
        let squashed = squash(q + keys[(s * N + n) * A_VALUES + a]);
        sum += operand1(trace[DSCORES + row * S + s]) * (1.0 - squashed * squashed);
      }
    }
    sum = lane_sum(sum, index);
    if (a < A_VALUES && part == 0u) { store_trace(row * A + a * WIDTH, operand(weight_score[a]) * sum); }
  }
  storageBarrier();

#if HAS_DSTATE
#if IN_LOOP
  let block = select(step.t - 1u, T, step.t == 0u) * N * H_VALUES;
#else
  const block = 0u;
#endif
  for (var first = 0u; first < H_VALUES; first += ACROSS) {
    let k = first + own;
    var sum = Value();
    if (k < H_VALUES) {
      for (var a = part; a < A; a += SHARERS) { sum += operand1(trace[row * A + a]) * operand(weight_query[a * H_VALUES + k]); }
    }
    sum = lane_sum(sum, index);
    if (k < H_VALUES && part == 0u) {
      let at = block + n * H_VALUES + k;
#if IN_LOOP
      dstate[at] += sum;
#else
      dstate[at] = sum;
#endif
    }
  }
#endif
}
